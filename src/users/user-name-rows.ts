import { type NameTail, tailsOf } from '../common/name-tails.js';
import { insertLists } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import type { User } from './user.entity.js';

/** By what somebody is found. */
export type Names = Pick<User, 'username' | 'displayName' | 'role'>;

/** The tails of what somebody is called. The user name that was made up for a guest says nothing inside. */
export const tailsOfUser = ({ username, displayName, role }: Names): NameTail[] =>
  tailsOf([{ name: username, isMade: role === 'guest' }, { name: displayName }]);

/**
 * Changes by what a user is found in the directory, in the transaction that changes his names. His row is locked, or new.
 *
 * @param before what he was found by until now; null: by nothing
 * @param after what he is found by from now on; null: by nothing
 */
export async function moveNames(
  tx: Tx,
  userId: string,
  { before, after }: { readonly before: Names | null; readonly after: Names | null },
): Promise<void> {
  const old = rowsOf(before);
  const next = rowsOf(after);
  const gone = [...old].filter(([key]) => !next.has(key)).map(([, row]) => [...row, userId]);
  const come = [...next].filter(([key]) => !old.has(key)).map(([, row]) => [...row, userId]);
  await tx.postEach('DELETE FROM user_names WHERE place = ? AND tail = ? AND userId = ?', gone);
  await insertLists(tx, { table: 'user_names', columns: ['place', 'tail', 'userId'] }, come);
}

/** Tails that begin alike have one row. */
function rowsOf(names: Names | null): Map<string, [number, string]> {
  const tails = names ? tailsOfUser(names) : [];
  return new Map(tails.map(({ place, tail }) => [`${place}${tail}`, [place, tail]]));
}
