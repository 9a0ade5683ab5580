import { Injectable } from '@nestjs/common';
import { type IsHidden, PresenceAccess } from '../../presence/presence-access.js';
import { PresenceSights } from '../../presence/presence-sights.service.js';
import { type Sight, toHiddenPresenceView, toOwnPresenceView, toPresenceView } from '../../presence/presence.view.js';
import type { Connection } from '../connections/connection.js';
import { type Frame, frameOf } from '../connections/frame.js';

/** Whom a connection is to be told of, and whether as one whom it was not told of before. */
export type Told = Map<string, boolean>;

/** Makes the frames that tell connections of users: each user is read and encoded once for all who watch him. */
@Injectable()
export class PresenceFrames {
  constructor(
    private readonly sights: PresenceSights,
    private readonly access: PresenceAccess,
  ) {}

  /** Sends each connection one frame with those of its users that exist and that it may see. */
  async send(told: ReadonlyMap<Connection, Told>): Promise<void> {
    const userIds = new Set([...told.values()].flatMap((some) => [...some.keys()]));
    const viewerIds = new Set([...told.keys()].map(({ userId }) => userId));
    const sights = await this.sights.read([...userIds]);
    // Last, so that nothing is told behind the answer to a block.
    const isHidden = await this.access.between([...viewerIds], [...userIds]);
    const round = { sights, isHidden, texts: new Map<string, string>(), frames: new Map<string, Frame>() };
    for (const [connection, some] of told) {
      const items = [...some].flatMap(([userId, isNew]) =>
        itemFor(round, { viewerId: connection.userId, userId, isNew }),
      );
      if (items.length > 0) connection.push(frameWith(items.join(), round.frames));
    }
  }
}

interface Round {
  readonly sights: ReadonlyMap<string, Sight>;
  readonly isHidden: IsHidden;
  /** Users as JSON, and frames by their items: most watchers get the same. */
  readonly texts: Map<string, string>;
  readonly frames: Map<string, Frame>;
}

/** Where there is a block, a snapshot shows nobody there, and no change is told: that something came would tell. */
function itemFor(round: Round, ask: { viewerId: string; userId: string; isNew: boolean }): string[] {
  const { viewerId, userId, isNew } = ask;
  const sight = round.sights.get(userId);
  // An account that has ended meanwhile: whoever asked for it was told how it was.
  if (!sight) return isNew ? [] : [JSON.stringify(toHiddenPresenceView({ userId }))];
  if (viewerId === userId) return [JSON.stringify(toOwnPresenceView(sight))];
  if (round.isHidden(viewerId, userId)) return isNew ? [JSON.stringify(toHiddenPresenceView(sight))] : [];
  const text = round.texts.get(userId) ?? JSON.stringify(toPresenceView(sight));
  round.texts.set(userId, text);
  return [text];
}

function frameWith(items: string, frames: Map<string, Frame>): Frame {
  const frame = frames.get(items) ?? frameOf(`{"event":"presence","data":{"items":[${items}]}}`, { kind: 'ephemeral' });
  frames.set(items, frame);
  return frame;
}
