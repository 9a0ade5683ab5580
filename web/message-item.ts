import type { PendingMessage } from '../sdk/outbox-entry.js';
import type { MessageView } from '../src/protocol/views.js';
import { make } from './dom.js';
import type { Names } from './names.js';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** What the looks of a message depend on; the same text means that it looks the same. */
export const lookOf = (message: MessageView, names: Names): string =>
  `${message.lastRev} ${message.kind === 'notice' ? noticeText(message, names) : names.of(message.senderId)}`;

/** A message or a notice. */
export function messageItem(message: MessageView, names: Names, ownId: string): HTMLLIElement {
  if (message.kind === 'notice') return make('li', { className: 'notice', text: noticeText(message, names) });
  const className = message.senderId === ownId ? 'own' : '';
  return bubble({ className, from: names.of(message.senderId), at: message.createdAt, text: message.text ?? '' });
}

/** One's own message that waits, or was refused, and why. */
export function pendingItem({ state, error, at, text }: PendingMessage): HTMLLIElement {
  const from = error ? `Not sent: ${error.message}` : 'Sending…';
  return bubble({ className: `own ${state}`, from, at: new Date(at).toISOString(), text });
}

function bubble(parts: { className: string; from: string; at: string; text: string }): HTMLLIElement {
  const time = make('time', { text: TIME.format(new Date(parts.at)) });
  time.dateTime = parts.at;
  const head = make('div', { className: 'from', children: [make('strong', { text: parts.from }), time] });
  return make('li', {
    className: parts.className,
    children: [head, make('div', { className: 'text', text: parts.text })],
  });
}

function noticeText({ payload }: MessageView, names: Names): string {
  const { type, userId, byId, role, fields } = (payload ?? {}) as Record<string, string> & { fields?: object };
  const [who, by] = [names.of(userId), names.of(byId)];
  if (type === 'member.joined') return userId === byId || !byId ? `${who} joined` : `${by} added ${who}`;
  if (type === 'member.left') return `${who} left`;
  if (type === 'member.removed') return `${by} removed ${who}`;
  if (type === 'member.updated') return `${who} is now ${role}`;
  return roomText(by, (fields ?? payload ?? {}) as Record<string, unknown>);
}

function roomText(by: string, fields: Record<string, unknown>): string {
  if (typeof fields.name === 'string') return `${by} renamed the room to ${fields.name}`;
  if ('archivedAt' in fields) return `${by} ${fields.archivedAt ? 'archived the room' : 'opened the room again'}`;
  if ('topic' in fields) return `${by} changed the topic`;
  return `${by} changed the room`;
}
