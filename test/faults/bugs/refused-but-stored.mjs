// Some sends are answered UNAVAILABLE although their commit was done.
import { ChatError } from '../../../dist/src/common/chat-error.js';
import { Send } from '../../../dist/src/messages/send.js';

const { succeed } = Send.prototype;
let count = 0;

Send.prototype.succeed = function (ack, message) {
  if (++count % 30 === 0) this.fail(new ChatError('UNAVAILABLE'));
  else succeed.call(this, ack, message);
};
