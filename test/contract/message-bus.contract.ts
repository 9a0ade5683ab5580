import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageBus } from '../../src/bus/message-bus.js';

/** Two nodes of one installation; one process has the same bus twice. */
export interface BusPair {
  readonly a: MessageBus;
  readonly b: MessageBus;
  readonly close: () => Promise<void>;
}

const DEADLINE_MS = 3000;

/** What every implementation of `MessageBus` promises; run once for each. */
export function describeMessageBus(name: string, create: () => Promise<BusPair>): void {
  describe(`MessageBus: ${name}`, () => {
    let pair: BusPair;
    beforeEach(async () => {
      pair = await create();
    });
    afterEach(() => pair.close());

    const until = async (isSo: () => boolean) => {
      const end = Date.now() + DEADLINE_MS;
      while (!isSo()) {
        if (Date.now() > end) throw new Error('it did not come');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    /** A message behind which everything published before has arrived. */
    const settle = async (channel: string) => {
      let isHere = false;
      const stop = await pair.b.subscribe(channel, (message) => (isHere ||= message === 'the end'));
      pair.a.publish(channel, 'the end');
      await until(() => isHere);
      stop();
    };

    it('delivers to subscriptions of both nodes, in the order of publishing', async () => {
      const heard: Record<string, string[]> = { a: [], b: [] };
      await pair.a.subscribe('room:1', (message) => heard.a.push(message));
      await pair.b.subscribe('room:1', (message) => heard.b.push(message));
      const sent = Array.from({ length: 500 }, (_, i) => `message ${i} 你好\n`);
      for (const message of sent) pair.a.publish('room:1', message);
      await until(() => heard.a.length === sent.length && heard.b.length === sent.length);
      expect(heard).toEqual({ a: sent, b: sent });
    });

    it('keeps the order of each of two publishers', async () => {
      const heard: string[] = [];
      await pair.a.subscribe('room:1', (message) => heard.push(message));
      for (let i = 0; i < 200; i++) {
        pair.a.publish('room:1', `a${i}`);
        pair.b.publish('room:1', `b${i}`);
        if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await until(() => heard.length === 400);
      for (const publisher of ['a', 'b']) {
        const own = heard.filter((message) => message.startsWith(publisher));
        expect(own).toEqual(Array.from({ length: 200 }, (_, i) => `${publisher}${i}`));
      }
    });

    it('delivers once to each subscription, also of one function twice, and to no other channel', async () => {
      const heard: string[] = [];
      const listener = (message: string) => heard.push(message);
      const other: string[] = [];
      await pair.b.subscribe('room:1', listener);
      await pair.b.subscribe('room:1', listener);
      await pair.b.subscribe('room:11', (message) => other.push(message));
      pair.a.publish('room:1', 'x');
      await settle('room:1');
      expect(heard.filter((message) => message === 'x')).toHaveLength(2);
      expect(other).toEqual([]);
    });

    it('delivers nothing after an unsubscribe, and goes on for the others', async () => {
      const [gone, kept]: string[][] = [[], []];
      const stop = await pair.b.subscribe('room:1', (message) => gone.push(message));
      await pair.b.subscribe('room:1', (message) => kept.push(message));
      stop();
      stop();
      pair.a.publish('room:1', 'x');
      await until(() => kept.includes('x'));
      expect(gone).toEqual([]);
    });

    it('hears again after the last subscription of a channel went and another came', async () => {
      const stop = await pair.b.subscribe('room:1', () => undefined);
      stop();
      const heard: string[] = [];
      await pair.b.subscribe('room:1', (message) => heard.push(message));
      pair.a.publish('room:1', 'x');
      await until(() => heard.length > 0);
      expect(heard).toEqual(['x']);
    });

    it('calls listeners only after publish has returned', async () => {
      const order: string[] = [];
      await pair.a.subscribe('room:1', () => order.push('heard'));
      pair.a.publish('room:1', 'x');
      order.push('published');
      await until(() => order.length === 2);
      expect(order).toEqual(['published', 'heard']);
    });

    it('lets a listener that throws harm nobody', async () => {
      const heard: string[] = [];
      await pair.b.subscribe('room:1', () => {
        throw new Error('a listener of the test fails');
      });
      await pair.b.subscribe('room:1', (message) => heard.push(message));
      pair.a.publish('room:1', 'x');
      pair.a.publish('room:1', 'y');
      await until(() => heard.length === 2);
      expect(heard).toEqual(['x', 'y']);
    });

    it('lets a listener publish and subscribe', async () => {
      const heard: string[] = [];
      await pair.b.subscribe('room:2', (message) => heard.push(message));
      await pair.b.subscribe('room:1', (message) => pair.b.publish('room:2', `about ${message}`));
      pair.a.publish('room:1', 'x');
      await until(() => heard.length === 1);
      expect(heard).toEqual(['about x']);
    });

    it('delivers nothing after it was closed, and publishing stays harmless', async () => {
      const heard: string[] = [];
      await pair.b.subscribe('room:1', (message) => heard.push(message));
      expect(pair.a.isConnected()).toBe(true);
      await pair.close();
      expect(() => pair.a.publish('room:1', 'x')).not.toThrow();
      await new Promise((resolve) => setImmediate(resolve));
      expect(heard).toEqual([]);
    });
  });
}
