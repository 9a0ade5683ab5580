import { Toasts } from '../ui/toast.js';
import { Chat } from '../chat/chat.js';
import { Door } from '../door/door.js';
import { isSignedIn } from './connection.js';
import { ConnectionLine } from './connection-line.js';
import { route } from './route.js';

/** The whole page: the door, or the list of talks beside what is open. */
export function App() {
  const { at } = route.value;
  if (!isSignedIn.value) {
    return (
      <>
        <Door />
        <Toasts />
      </>
    );
  }
  return (
    <>
      <ConnectionLine />
      <div class="app" data-at={at}>
        {at === 'room' && <Chat key={route.value.at === 'room' ? route.value.roomId : ''} />}
      </div>
      <Toasts />
    </>
  );
}
