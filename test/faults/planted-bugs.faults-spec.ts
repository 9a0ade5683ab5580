import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RuleName } from './checker.js';
import { FaultWorld } from './fault-world.js';
import { storm } from './storm.js';

/** Bugs of `bugs/`, with the rule that must see each, whatever else sees it. */
const BUGS: Record<string, RuleName> = {
  'ack-before-commit': 'an acked message is stored',
  'dedupe-in-memory': 'an id is stored once',
  'events-before-commit': 'what is seen is what is stored',
  'frame-lost': 'a connection is told the revs of a room in order without a hole',
  'frames-swapped': 'a connection is told the revs of a room in order without a hole',
  'frames-twice': 'a connection is told the revs of a room in order without a hole',
  'live-without-catch-up': 'a connection is told the revs of a room in order without a hole',
  'marks-from-memory-lost': 'unread lies between what is sure and what is possible',
  'members-for-a-second': 'nothing of a removed member is taken',
  'numbers-burned': 'rev is 1, 2, 3 … without a hole',
  'numbers-without-lock': 'seq is 1, 2, 3 … without a hole',
  'own-messages-unread': 'unread lies between what is sure and what is possible',
  'page-from-before': 'who sent a message sees it in his next page',
  'refused-but-stored': 'what was refused for certain is not stored',
  'removed-but-listening': 'nothing reaches a removed member that was sent after his removal',
  'replay-without-cut-off': 'a connection is told the revs of a room in order without a hole',
  'wrong-number-acked': "an ack's numbers are the stored ones",
};

/** A checker that nobody broke is no evidence: each of these bugs must be seen, and without one nothing. */
describe.concurrent('the checker', () => {
  it('knows every planted bug', () => {
    const files = readdirSync(new URL('bugs', import.meta.url)).map((file) => file.replace('.mjs', ''));
    expect(Object.keys(BUGS)).toEqual(files.sort());
  });

  it('finds nothing in the server as it is', async () => {
    const world = await FaultWorld.create();
    await storm(world, { kills: 2 });
    expect(await world.end()).toEqual({});
  });

  // Some bugs need a coincidence; a storm without it is followed by another one.
  it.each(Object.entries(BUGS))('finds %s', { retry: 4 }, async (bug, rule) => {
    const world = await FaultWorld.create({ bug });
    await storm(world, { kills: 2 });
    const verdict = await world.end();
    process.stdout.write(`${bug}: ${Object.keys(verdict).join('; ')}\n`);
    expect(Object.keys(verdict)).toContain(rule);
  });
});
