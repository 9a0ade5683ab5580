import 'reflect-metadata';
import { ACCESS_KEY, PUBLIC_KEY } from '../access/access.decorators.js';
import type { Permission } from '../access/permissions.js';

type Class = new () => object;

/** A command as a gateway declares it. */
export interface DeclaredCommand {
  /** The gateway's method. */
  readonly method: string;
  /** The class of its data. */
  readonly model: Class;
  readonly isPublic: boolean;
  /** What the caller must be allowed; a command that declares nothing is refused to everybody. */
  readonly permission: Permission | undefined;
}

/** A class with commands. */
interface Gateway {
  readonly prototype: object;
}

/** The metadata key of `@SubscribeMessage`. */
const MESSAGE_KEY = 'message';

/** The commands of a gateway class by name, read from its decorators. */
export function declaredCommands(gateway: Gateway): ReadonlyMap<string, DeclaredCommand> {
  const commands = new Map<string, DeclaredCommand>();
  for (const method of Object.getOwnPropertyNames(gateway.prototype)) {
    const handler = Reflect.get(gateway.prototype, method) as object;
    const name = Reflect.getMetadata(MESSAGE_KEY, handler) as string | undefined;
    const types = (Reflect.getMetadata('design:paramtypes', gateway.prototype, method) ?? []) as Class[];
    const model = types.find((type) => type.name.endsWith('Dto'));
    if (name === undefined || !model) continue;
    const isPublic = Reflect.hasMetadata(PUBLIC_KEY, handler);
    const permission = Reflect.getMetadata(ACCESS_KEY, handler) as Permission | undefined;
    commands.set(name, { method, model, isPublic, permission });
  }
  return commands;
}
