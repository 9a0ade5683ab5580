import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { LoginsService } from '../auth/logins.service.js';
import { BlocksService } from '../friends/blocks.service.js';
import { FriendRequestsService } from '../friends/friend-requests.service.js';
import { FriendsService } from '../friends/friends.service.js';
import { OwnMessages } from '../messages/own-messages.service.js';
import { RoomsService } from '../rooms/rooms.service.js';
import { toBlockItem, toFriendItem, toRequestItem, toRoomItem } from './archive-items.js';
import { type ArchiveFile, itemsOf, jsonLines, jsonList } from './archive.js';

const limit = 100;

/** What belongs to somebody in each folder, as files of his archive. */
@Injectable()
export class AccountParts {
  constructor(
    private readonly logins: LoginsService,
    private readonly friends: FriendsService,
    private readonly requests: FriendRequestsService,
    private readonly blocks: BlocksService,
    private readonly rooms: RoomsService,
    private readonly messages: OwnMessages,
  ) {}

  /** The lists of an archive, each read when its turn has come. */
  filesOf(principal: Principal): ArchiveFile[] {
    const { logins, friends, requests, blocks, rooms, messages } = this;
    const incoming = { direction: 'incoming', limit } as const;
    const outgoing = { direction: 'outgoing', limit } as const;
    return [
      listOf('logins', (cursor) => logins.list(principal, { cursor, limit }), asItIs),
      listOf('friends', (cursor) => friends.list(principal, { cursor, limit }), toFriendItem),
      listOf('friend-requests-received', (cursor) => requests.list(principal, { ...incoming, cursor }), toRequestItem),
      listOf('friend-requests-sent', (cursor) => requests.list(principal, { ...outgoing, cursor }), toRequestItem),
      listOf('blocks', (cursor) => blocks.list(principal, { cursor, limit }), toBlockItem),
      listOf('rooms', (cursor) => rooms.list(principal, { cursor, limit }), toRoomItem),
      { name: 'messages.ndjson', read: () => jsonLines(messages.list(principal)) },
    ];
  }
}

type ReadPage<T> = Parameters<typeof itemsOf<T>>[0];

function listOf<T>(name: string, readPage: ReadPage<T>, toItem: (item: T) => object): ArchiveFile {
  const read: ReadPage<object> = async (cursor) => {
    const { items, next } = await readPage(cursor);
    return { items: items.map(toItem), next };
  };
  return { name: `${name}.json`, read: () => jsonList(itemsOf(read)) };
}

const asItIs = <T>(item: T): T => item;
