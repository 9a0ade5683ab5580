import { DEFAULT_ROOM_SETTINGS, type RoomSettingsView } from '../protocol/room-views.js';

/** The column of a room that nobody has set anything in: nearly all of them, and the message path asks for each. */
const NOTHING_SET = '{}';

/** All settings, from the column's text. */
export const readSettings = (text: string): RoomSettingsView =>
  text === NOTHING_SET ? DEFAULT_ROOM_SETTINGS : settingsOf(JSON.parse(text) as Partial<RoomSettingsView>);

/** All settings, from those that differ from the default. */
export const settingsOf = (set: Partial<RoomSettingsView>): RoomSettingsView => ({ ...DEFAULT_ROOM_SETTINGS, ...set });

/** What is kept of settings: those that differ from the default. */
export function toStored(settings: RoomSettingsView): Partial<RoomSettingsView> {
  const names = Object.keys(DEFAULT_ROOM_SETTINGS) as (keyof RoomSettingsView)[];
  return Object.fromEntries(
    names.filter((name) => settings[name] !== DEFAULT_ROOM_SETTINGS[name]).map((name) => [name, settings[name]]),
  );
}
