import { DataSource } from 'typeorm';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ModulesContainer } from '@nestjs/core';
import { getMetadataArgsStorage } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/app.entities.js';
import { READS } from '../../src/database/data-source.js';
import { World } from '../support/world.js';
import { sourcesIn } from '../support/sources.js';

describe('the list of entities', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  const listed = () => schema.entities.map((entity) => entity.name).sort((a, b) => a.localeCompare(b));

  it('holds every entity that is declared', () => {
    const declared = getMetadataArgsStorage().tables.map(({ target }) => (target as { name: string }).name);
    expect(declared.sort((a, b) => a.localeCompare(b))).toEqual(listed());
    const files = sourcesIn('src').filter(({ path }) => path.endsWith('.entity.ts'));
    expect(files).toHaveLength(schema.entities.length);
  });

  it('is what both data sources know, and what modules register for reading', () => {
    const names = (source: DataSource) =>
      source.entityMetadatas.map(({ name }) => name).sort((a, b) => a.localeCompare(b));
    expect(names(world.app.app.get(DataSource))).toEqual(listed());
    expect(names(world.app.app.get(getDataSourceToken(READS)))).toEqual(listed());
    const registered = new Set<string>();
    for (const module of world.app.app.get(ModulesContainer).values()) {
      for (const token of module.providers.keys()) {
        const name = /^reads_(\w+)Repository$/.exec(String(token))?.[1];
        if (name) registered.add(name);
      }
    }
    // Read and written by name alone, in plain SQL or inside units of work.
    const unread = ['IdempotencyKey', 'Installation', 'Message', 'RoomMute', 'RoomSend', 'WsTicket'];
    expect(listed().filter((name) => !registered.has(name) && !unread.includes(name))).toEqual([]);
  });
});
