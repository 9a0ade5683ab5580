import { later } from '../ui/later.js';
import { closeRoomDialog, roomDialog } from './open-dialogs.js';

const CreateRoom = later(async () => (await import('./create-room.js')).CreateRoom);
const RoomSettings = later(async () => (await import('./room-settings.js')).RoomSettings);
const Members = later(async () => (await import('./members.js')).Members);
const Invites = later(async () => (await import('./invites.js')).Invites);
const OwnSettings = later(async () => (await import('./own-settings.js')).OwnSettings);

/** The dialog about a room that was asked for; once on the page. */
export function RoomDialogs() {
  const { value } = roomDialog;
  if (!value) return null;
  if (value.kind === 'create') return <CreateRoom onClose={closeRoomDialog} />;
  const { kind, roomId } = value;
  const about = { roomId, onClose: closeRoomDialog };
  if (kind === 'settings') return <RoomSettings key={roomId} {...about} />;
  if (kind === 'members') return <Members key={roomId} {...about} />;
  if (kind === 'invites') return <Invites key={roomId} {...about} />;
  return <OwnSettings key={roomId} {...about} />;
}
