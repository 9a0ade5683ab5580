import type { ParleyClient } from '../sdk/client.js';
import type { RoomState } from '../sdk/room-state.js';
import type { RoomView } from '../src/protocol/views.js';
import { arrange, attempt, byId, fieldOf, make, oncePerFrame } from './dom.js';
import type { Names } from './names.js';

/** What people call a room: its name, or the other one of a direct room. */
export function titleOf(room: RoomState, names: Names): string {
  const { view } = room;
  if (!view) return '…';
  if (view.kind === 'group') return view.name ?? 'A room';
  return view.peer ? names.of(view.peer.id) : 'Notes';
}

/** The list of rooms on the left: one's own with what is unread, public ones, and a form for a new one. */
export class RoomList {
  /** The room that is shown. */
  current: string | null = null;
  readonly draw = oncePerFrame(() => this.drawNow());
  private readonly buttons = new Map<string, HTMLLIElement>();

  constructor(
    private readonly client: ParleyClient,
    private readonly names: Names,
    private readonly open: (roomId: string) => void,
  ) {
    const form = byId<HTMLFormElement>('new-room');
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void attempt(form, () => this.create(form));
    });
    byId('look').addEventListener('click', () => void attempt(byId('look'), () => this.look()));
  }

  /** Lists public rooms that one is not in. */
  async look(): Promise<void> {
    const { items } = await this.client.rest.publicRooms();
    const others = items.filter((room) => !this.client.rooms.has(room.id));
    const list = byId('public');
    arrange(
      list,
      others.length > 0 ? others.map((room) => this.publicItem(room)) : [make('li', { text: 'None but yours.' })],
    );
  }

  private async create(form: HTMLFormElement): Promise<void> {
    const visibility = fieldOf(form, 'public') ? 'public' : 'private';
    const room = await this.client.rest.createRoom({ name: fieldOf(form, 'name'), visibility });
    form.reset();
    this.open(room.id);
  }

  private publicItem(room: RoomView): HTMLLIElement {
    const button = make('button', { text: `Join ${room.name ?? ''} (${room.memberCount})` });
    button.type = 'button';
    button.addEventListener('click', () => {
      void attempt(button, async () => {
        await this.client.rest.join(room.id);
        item.remove();
        this.open(room.id);
      });
    });
    const item = make('li', { children: [button] });
    return item;
  }

  private drawNow(): void {
    const rooms = [...this.client.rooms.values()].sort((a, b) => this.compare(a, b));
    for (const id of this.buttons.keys()) if (!this.client.rooms.has(id)) this.buttons.delete(id);
    arrange(
      byId('mine'),
      rooms.map((room) => this.item(room)),
    );
  }

  private compare(a: RoomState, b: RoomState): number {
    return titleOf(a, this.names).localeCompare(titleOf(b, this.names)) || (a.id < b.id ? -1 : 1);
  }

  private item(room: RoomState): HTMLLIElement {
    const known = this.buttons.get(room.id);
    const item = known ?? this.newItem(room.id);
    const [title, badge] = item.querySelectorAll('span');
    title.textContent = titleOf(room, this.names);
    badge.hidden = room.unread === 0;
    badge.textContent = String(room.unread);
    badge.title = `${room.unread} unread`;
    item.firstElementChild?.setAttribute('aria-current', String(room.id === this.current));
    return item;
  }

  private newItem(roomId: string): HTMLLIElement {
    const button = make('button', { children: [make('span'), make('span', { className: 'badge' })] });
    button.type = 'button';
    button.addEventListener('click', () => this.open(roomId));
    const item = make('li', { children: [button] });
    this.buttons.set(roomId, item);
    return item;
  }
}
