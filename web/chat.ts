import type { ParleyClient } from '../sdk/client.js';
import type { RoomState } from '../sdk/room-state.js';
import { arrange, attempt, byId, oncePerFrame } from './dom.js';
import { lookOf, messageItem, pendingItem } from './message-item.js';
import type { Names } from './names.js';
import { titleOf } from './rooms.js';

/** Nearer to the end than this, the newest message stays in sight. */
const NEAR_END_PX = 80;
/** Fewer messages than this do not fill the screen. */
const FEW = 30;

interface Drawn {
  readonly key: string;
  readonly item: HTMLLIElement;
}

/** The open room: its messages, and where one writes. */
export class Chat {
  readonly draw = oncePerFrame(() => this.drawNow());
  private room: RoomState | null = null;
  private drawn = new Map<string, Drawn>();

  constructor(
    private readonly client: ParleyClient,
    private readonly names: Names,
  ) {
    const form = byId<HTMLFormElement>('write');
    const text = form.elements.namedItem('text') as HTMLTextAreaElement;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send(text);
    });
    text.addEventListener('keydown', (event) => {
      // Enter also ends the composing of a Chinese or Japanese word; that one is not meant for us.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    byId('older').addEventListener('click', () => void attempt(byId('older'), () => this.loadOlder()));
    document.addEventListener('visibilitychange', () => this.markRead());
  }

  /** Shows a room, or none. */
  async show(room: RoomState | null): Promise<void> {
    if (this.room) this.client.closeRoom(this.room.id);
    this.room = room;
    this.drawn = new Map();
    byId('messages').replaceChildren();
    byId('write').hidden = byId('leave').hidden = room === null;
    this.draw();
    if (!room) return;
    this.client.openRoom(room.id);
    await this.fill();
    byId('write').querySelector('textarea')?.focus();
  }

  /** Loads a page of history where little is there: the room is new here, or the server was away when it was opened. */
  async fill(): Promise<void> {
    const { room } = this;
    if (room && room.messages.length < FEW) await this.client.loadOlder(room.id).catch(() => undefined);
    this.draw();
  }

  private send(text: HTMLTextAreaElement): void {
    if (!this.room || text.value.trim() === '') return;
    // A refusal comes as an event of its own.
    this.client.send(this.room.id, text.value).acked.catch(() => undefined);
    text.value = '';
    byId('scroll').scrollTop = byId('scroll').scrollHeight;
  }

  /** What was in sight stays where it was. */
  private async loadOlder(): Promise<void> {
    if (!this.room) return;
    const scroll = byId('scroll');
    const fromEnd = scroll.scrollHeight - scroll.scrollTop;
    await this.client.loadOlder(this.room.id);
    this.drawNow();
    scroll.scrollTop = scroll.scrollHeight - fromEnd;
  }

  private drawNow(): void {
    const { room } = this;
    byId('room-title').textContent = room ? titleOf(room, this.names) : 'No room open';
    if (!room) return;
    const scroll = byId('scroll');
    const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
    byId('older').hidden = room.isComplete;
    arrange(byId('messages'), this.items(room));
    if (isAtEnd) scroll.scrollTop = scroll.scrollHeight;
    this.markRead();
  }

  private items(room: RoomState): HTMLLIElement[] {
    const ownId = this.client.user?.id ?? '';
    const next = new Map<string, Drawn>();
    const add = (id: string, key: string, make: () => HTMLLIElement): HTMLLIElement => {
      const known = this.drawn.get(id);
      // Made anew only where it looks different: nothing that is read aloud or selected is replaced, and a long room
      // costs no more to draw than what is new in it.
      const drawn = known?.key === key ? known : { key, item: make() };
      next.set(id, drawn);
      return drawn.item;
    };
    const stored = room.messages.map((message) =>
      add(message.id, lookOf(message, this.names), () => messageItem(message, this.names, ownId)),
    );
    const pending = this.client
      .pending(room.id)
      .map((message) => add(`${message.state} ${message.id}`, '', () => pendingItem(message)));
    this.drawn = next;
    return [...stored, ...pending];
  }

  private markRead(): void {
    if (this.room && this.room.unread > 0 && document.visibilityState === 'visible') this.client.read(this.room.id);
  }
}
