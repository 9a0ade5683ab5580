import type { ParleyClient } from '../sdk/client.js';
import type { MemberView } from '../src/protocol/views.js';
import { arrange, byId, make } from './dom.js';
import type { Names } from './names.js';

/** Members shown; a later page will show the rest. */
const SHOWN = 300;

/** Who is in the open room. */
export class People {
  private roomId: string | null = null;

  constructor(
    private readonly client: ParleyClient,
    private readonly names: Names,
  ) {
    client.on('member', ({ room }) => {
      if (room.id === this.roomId) void this.show(room.id);
    });
  }

  /** Lists the members of a room, or nobody. */
  async show(roomId: string | null): Promise<void> {
    this.roomId = roomId;
    const members = roomId === null ? [] : await this.read(roomId);
    // Another room was opened meanwhile.
    if (this.roomId !== roomId) return;
    for (const { user } of members) this.names.keep(user.id, user.displayName);
    members.sort((a, b) => a.user.displayName.localeCompare(b.user.displayName));
    byId('people-title').textContent = roomId === null ? 'In this room' : `In this room: ${members.length}`;
    arrange(byId('people'), members.map(memberItem));
  }

  private async read(roomId: string): Promise<MemberView[]> {
    try {
      return await this.readPages(roomId);
    } catch {
      // Away, or no member any more: the next change of members or of the room draws it again.
      return [];
    }
  }

  private async readPages(roomId: string): Promise<MemberView[]> {
    const members: MemberView[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null && members.length < SHOWN) {
      const page = await this.client.rest.members(roomId, { cursor });
      members.push(...page.items);
      cursor = page.next;
    }
    return members;
  }
}

function memberItem({ user, role }: MemberView): HTMLLIElement {
  const small = make('small', { text: role === 'member' ? '' : ` ${role}` });
  return make('li', { children: [make('span', { text: user.displayName }), small] });
}
