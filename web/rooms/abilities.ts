import type { AbilitiesView, RoomAbility } from '../../src/protocol/room-views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { codeText } from '../ui/fault-codes.js';
import { useLoaded } from '../ui/load.js';

/** What the reader may do in a room. */
export interface Abilities {
  /** False until the server has told. */
  can(ability: RoomAbility): boolean;
  /** Why not, for a tooltip; nothing where he may, or where it is not known yet. */
  why(ability: RoomAbility): string | undefined;
}

/** Asks the server what the reader may do in a room, and again whenever the room or his role in it changes. */
export function useAbilities(roomId: string): Abilities {
  follow(`room:${roomId}`);
  const view = client.rooms.get(roomId)?.view;
  const state = view && [view.role, view.archivedAt, view.settings.readOnly].join();
  const { value } = useLoaded<AbilitiesView>(() => client.rest.abilities(roomId), `${roomId} ${state}`);
  return {
    can: (ability) => value?.[ability].allowed ?? false,
    why: (ability) => {
      const told = value?.[ability];
      return told && !told.allowed && told.code ? codeText(told.code) : undefined;
    },
  };
}
