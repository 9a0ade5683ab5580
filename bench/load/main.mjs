// The process that makes the load. Takes a job as a message and answers with its result; tells when the measured part
// begins and ends, and waits until that was noted.
import { back, silent, slow } from './crowds.mjs';
import { pace } from './pace.mjs';
import { changes, pages } from './pages.mjs';
import { sessions } from './sessions.mjs';
import { talk } from './talk.mjs';

const WORK = { talk, pace, changes, pages, sessions, slow, silent, back };

let noted = () => undefined;

const mark = (at) =>
  new Promise((resolve) => {
    noted = resolve;
    process.send({ mark: at });
  });
const window = { open: () => mark('begin'), mark, close: () => mark('end') };

process.on('message', (message) => {
  if (message.work) void carryOut(message);
  else noted();
});

async function carryOut({ work, ...job }) {
  const outcome = await WORK[work](withSharedSeats(job), window).then(
    (result) => ({ result }),
    (error) => ({ error: error.stack }),
  );
  process.send(outcome, () => process.exit());
}

/** Who is in several rooms is one object in all of them, which a message does not keep. */
function withSharedSeats(job) {
  const seats = new Map();
  const shared = (seat) => seats.get(seat.userId) ?? seats.set(seat.userId, seat).get(seat.userId);
  return { ...job, rooms: job.rooms?.map((room) => ({ ...room, members: room.members.map(shared) })) };
}
