// Sends are answered when their rows are written, and the commit comes a little later.
import { setTimeout as pause } from 'node:timers/promises';
import { MessageWriter } from '../../../dist/src/messages/message-writer.js';

const { store } = MessageWriter.prototype;

MessageWriter.prototype.store = async function (sends) {
  if (sends.length === 0) return;
  try {
    await this.uow.run(async (tx) => {
      this.settle(await this.batch.write(tx, sends));
      await pause(150);
    });
  } catch {
    // Some id is stored already.
    await store.call(this, sends);
  }
};
