// Sends are answered when their rows are written, and the commit comes a little later.
import { setTimeout as pause } from 'node:timers/promises';
import { MessageWriter } from '../../../dist/src/messages/message-writer.js';

MessageWriter.prototype.store = async function (sends) {
  if (sends.length === 0) return;
  await this.uow.run(async (tx) => {
    this.settle(await this.batch.write(tx, sends));
    await pause(50);
  });
};
