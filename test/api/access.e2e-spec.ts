import { Controller, Get, Module, Post, RequestMethod, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { SubscribeMessage } from '@nestjs/websockets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS_KEY, PUBLIC_KEY } from '../../src/access/access.decorators.js';
import { PERMISSIONS, hasPermission } from '../../src/access/permissions.js';
import { AppModule } from '../../src/app.module.js';
import { configureApp, createHttpAdapter } from '../../src/app.setup.js';
import { commandModels } from '../../src/realtime/asyncapi.js';
import { CommandRunner } from '../../src/realtime/command-runner.js';
import { declaredCommands } from '../../src/realtime/declared-commands.js';
import { GATEWAYS } from '../../src/realtime/gateways.js';
import { World, newUlid } from '../support/world.js';

/** Everything that anybody may call. Whoever makes this list longer means it. */
const PUBLIC = [
  'GET /api/v1/config',
  'GET /api/v1/rooms/:id/avatar',
  'GET /api/v1/users/:id/avatar',
  'GET /livez',
  'GET /metrics',
  'GET /readyz',
  'POST /api/v1/auth/guest',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/register',
];
/** Served beside the controllers. */
const DOCUMENTS = ['GET /api/openapi.json', 'GET /api/asyncapi.json'];
const REQUEST_PARTS = new Set(['3', '4', '5']);
const BUILT_IN: readonly unknown[] = [Object, String, Number, Boolean, Array, Promise, undefined];

let world: World;
let routes: Route[];

beforeAll(async () => {
  world = await World.create();
  routes = classesOf('controllers').flatMap(routesOf);
});

afterAll(() => world?.stop());

/** Every controller or provider of the started server that is a class. */
function classesOf(kind: 'controllers' | 'providers'): Type<object>[] {
  const modules = [...world.app.get(ModulesContainer).values()];
  const types = modules.flatMap((module) => [...module[kind].values()].map(({ metatype }) => metatype));
  return [...new Set(types)].filter((type): type is Type<object> => typeof type === 'function' && 'prototype' in type);
}

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly type: Type<object>;
  readonly key: string;
  readonly handler: object;
}

function routesOf(type: Type<object>): Route[] {
  const base = Reflect.getMetadata('path', type) as string;
  const keys = Object.getOwnPropertyNames(type.prototype).filter((key) => key !== 'constructor');
  return keys.flatMap((key) => {
    const handler = Reflect.get(type.prototype as object, key) as object;
    const own = Reflect.getMetadata('path', handler) as string | undefined;
    if (own === undefined) return [];
    const method = RequestMethod[Reflect.getMetadata('method', handler) as number];
    const bare = [base, own].map((part) => part.replace(/^\/|\/$/g, '')).filter(Boolean);
    const atRoot = ['livez', 'readyz', 'metrics'].includes(bare.join('/'));
    const path = `/${[...(atRoot ? [] : ['api/v1']), ...bare].join('/')}`;
    return [{ name: `${method} ${path}`, method, path, type, key, handler }];
  });
}

const declaredOf = (...targets: object[]) =>
  targets.flatMap((target) => [
    ...(Reflect.hasMetadata(PUBLIC_KEY, target) ? ['public'] : []),
    ...(Reflect.hasMetadata(ACCESS_KEY, target) ? [Reflect.getMetadata(ACCESS_KEY, target) as string] : []),
  ]);

const withIds = (path: string) => path.replace(/[:{]\w+\}?/g, () => newUlid());

const askBare = async (method: string, path: string) => {
  const { status, body } = await world.call(method, world.app.url + withIds(path), {
    body: ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined,
  });
  return `${method} ${path}: ${status} ${body?.code}`;
};

describe('every REST route', () => {
  it('is found by the walk', () => {
    expect(routes.length).toBeGreaterThan(38);
    expect(new Set(routes.map(({ name }) => name)).size).toBe(routes.length);
  });

  it('declares exactly one of public and a known permission', () => {
    for (const { name, type, handler } of routes) {
      const declared = declaredOf(handler, type);
      expect([name, declared.length]).toEqual([name, 1]);
      expect(['public', ...Object.keys(PERMISSIONS)]).toContain(declared[0]);
    }
  });

  it('is public only where this test says so', () => {
    const open = routes.filter(({ type, handler }) => declaredOf(handler, type)[0] === 'public');
    expect(open.map(({ name }) => name).sort((a, b) => a.localeCompare(b))).toEqual(PUBLIC);
  });

  it('answers 401 without a token, whatever else is wrong with the request', async () => {
    const closed = routes.filter(({ name }) => !PUBLIC.includes(name));
    for (const { method, path } of closed) {
      expect(await askBare(method, path)).toBe(`${method} ${path}: 401 UNAUTHORIZED`);
    }
  });

  it('in the API document answers 401 without a token, unless it is public', async () => {
    const { body } = await world.call(`GET`, `${world.app.url}/api/openapi.json`);
    const documented = Object.entries(body.paths as Record<string, object>).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
    );
    expect(documented.length).toBeGreaterThan(35);
    const open = documented.filter(({ method, path }) => body.paths[path][method.toLowerCase()].security);
    const names = open.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    expect(names.sort((a, b) => a.localeCompare(b))).toEqual(PUBLIC.filter((name) => name.includes('/api/')));
    for (const { method, path } of documented) {
      if (PUBLIC.includes(`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`)) continue;
      expect(await askBare(method, path)).toBe(`${method} ${path}: 401 UNAUTHORIZED`);
    }
  });

  it('takes bodies, queries and path parameters only in the form of a class that is checked', () => {
    const taken = routes.flatMap(({ name, type, key }) => {
      const args = (Reflect.getMetadata('__routeArguments__', type, key) ?? {}) as Record<string, { index: number }>;
      const types = Reflect.getMetadata('design:paramtypes', type.prototype as object, key) as unknown[];
      const parts = Object.entries(args).filter(([part]) => REQUEST_PARTS.has(part.split(':')[0]));
      return parts.map(([, { index }]) => ({ name, form: types[index] }));
    });
    expect(taken.length).toBeGreaterThan(40);
    expect(taken.filter(({ form }) => BUILT_IN.includes(form))).toEqual([]);
  });

  it('and the documents are all that is answered without a token', async () => {
    for (const name of DOCUMENTS) {
      const [method, path] = name.split(' ');
      expect((await world.call(method, world.app.url + path)).status).toBe(200);
    }
  });
});

describe('a route that declares nothing', () => {
  @Controller('forgotten')
  class ForgottenController {
    @Get()
    read(): string {
      return 'secret';
    }

    @Post()
    write(): string {
      return 'secret';
    }
  }

  @Module({ controllers: [ForgottenController] })
  class ForgottenModule {}

  it('is refused to everybody', async () => {
    const { config } = world.app;
    const module = await Test.createTestingModule({ imports: [AppModule.forRoot(config), ForgottenModule] }).compile();
    const options = { logger: false, bodyParser: false } as const;
    const app = module.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), options);
    await configureApp(app, config);
    await app.listen(0, '127.0.0.1');
    const ann = await world.account('ann');
    const url = `${await app.getUrl()}/api/v1/forgotten`;
    for (const method of ['GET', 'POST']) {
      expect((await world.call(method, url)).status).toBe(401);
      const { status, body } = await world.call(method, url, { token: ann.token });
      expect([status, body.code]).toEqual([403, 'FORBIDDEN']);
    }
    await app.close();
  });
});

describe('every command of the socket', () => {
  const methods = GATEWAYS.flatMap((gateway) =>
    Object.getOwnPropertyNames(gateway.prototype).flatMap((key) => {
      const handler = Reflect.get(gateway.prototype, key) as object;
      const command = Reflect.getMetadata('message', handler) as string | undefined;
      return command ? [{ command, handler, gateway }] : [];
    }),
  );

  it('is on the one gateway of Nest, or beside it', () => {
    const gateways = classesOf('providers').filter((type) => Reflect.hasMetadata('websockets:is_gateway', type));
    expect(gateways.map(({ name }) => name)).toEqual(['ChatGateway']);
  });

  it('declares exactly one of public and a known permission; only the start is public', () => {
    expect(methods.length).toBeGreaterThanOrEqual(8);
    for (const { command, handler, gateway } of methods) {
      const declared = declaredOf(handler, gateway);
      expect([command, declared.length]).toEqual([command, 1]);
      expect(['public', ...Object.keys(PERMISSIONS)]).toContain(declared[0]);
    }
    const open = methods.filter(({ handler }) => declaredOf(handler)[0] === 'public');
    expect(open.map(({ command }) => command)).toEqual(['session.start']);
  });

  it('takes its data in the form of a class that is checked', () => {
    expect([...commandModels().keys()].sort()).toEqual(methods.map(({ command }) => command).sort());
  });

  it('is refused before the session has started', async () => {
    const ann = await world.user();
    const socket = await ann.open();
    for (const { command } of methods) {
      if (command === 'session.start') continue;
      const { event, data } = await socket.call(command, {});
      expect([command, event, data.code]).toEqual([command, 'error', 'NOT_STARTED']);
    }
  });

  it('that declares nothing is refused to everybody', () => {
    class NothingDto {}
    class Forgotten {
      @SubscribeMessage('forgotten')
      read(_data: NothingDto): string {
        return 'secret';
      }
    }
    Reflect.defineMetadata('design:paramtypes', [NothingDto], Forgotten.prototype, 'read');
    const forgotten = declaredCommands(Forgotten).get('forgotten');
    const principal = { userId: newUlid(), sessionId: newUlid(), role: 'admin' } as const;
    const runner = world.app.get(CommandRunner);
    expect(forgotten).toMatchObject({ isPublic: false, permission: undefined });
    expect(() => runner.admit({ principal } as never, forgotten!)).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    );
  });
});

describe('the role of a guest', () => {
  it('lacks only what needs a password', () => {
    const refused = Object.keys(PERMISSIONS).filter((name) => !hasPermission('guest', name as never));
    expect(refused).toEqual(['password.change']);
  });
});
