import { useEffect } from 'preact/hooks';
import { Chat } from '../chat/chat.js';
import { Door } from '../door/door.js';
import { openCard } from '../people/open-person.js';
import { isPeopleShown } from '../rooms/open-dialogs.js';
import { RoomDialogs } from '../rooms/room-dialogs.js';
import { Confirmations } from '../ui/confirm.js';
import { later } from '../ui/later.js';
import { Toasts } from '../ui/toast.js';
import { isSignedIn } from './connection.js';
import { ConnectionLine } from './connection-line.js';
import { type Route, route } from './route.js';
import { Side } from './side.js';
import { Welcome } from './welcome.js';

const People = later(async () => (await import('../people/people.js')).People);
const PersonCard = later(async () => (await import('../people/person-card.js')).PersonCard);
const FindRooms = later(async () => (await import('../rooms/find-rooms.js')).FindRooms);
const InviteScreen = later(async () => (await import('../rooms/invite-screen.js')).InviteScreen);
const RoomPeople = later(async () => (await import('../rooms/room-people.js')).RoomPeople);
const Search = later(async () => (await import('../rooms/search.js')).Search);
const Settings = later(async () => (await import('../settings/settings.js')).Settings);

/** The whole page: the door, or the list of talks beside what is open. */
export function App() {
  return (
    <>
      {isSignedIn.value ? <Inside /> : <Door />}
      <Confirmations />
      <Toasts />
    </>
  );
}

function Inside() {
  const { value: shown } = route;
  const card = openCard.value;
  useFocusInside(shown);
  return (
    <>
      <ConnectionLine />
      <div class="app" data-at={shown.at}>
        <Side />
        <Middle shown={shown} />
        {shown.at === 'room' && isPeopleShown.value && <RoomPeople key={shown.roomId} roomId={shown.roomId} />}
      </div>
      <RoomDialogs />
      {card && <PersonCard key={card} userId={card} />}
    </>
  );
}

/** Where the list gives way to what was chosen in it, the focus would be lost: it goes on at the way back. */
function useFocusInside(shown: Route): void {
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === document.body) document.querySelector<HTMLElement>('.back-link')?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [shown]);
}

function Middle({ shown }: { readonly shown: Route }) {
  switch (shown.at) {
    case 'home':
      return <Welcome />;
    case 'room':
      return <Chat key={shown.roomId} roomId={shown.roomId} messageId={shown.messageId} />;
    case 'people':
      return <People />;
    case 'find':
      return <FindRooms />;
    case 'search':
      return <Search query={shown.query} />;
    case 'settings':
      return <Settings />;
    case 'invite':
      return <InviteScreen key={shown.code} code={shown.code} />;
  }
}
