import { ChatGateway } from './chat.gateway.js';
import { type DeclaredCommand, declaredCommands } from './declared-commands.js';
import { EditingGateway } from './editing.gateway.js';
import { PresenceGateway } from './presence/presence.gateway.js';

/** The classes whose methods are the commands of the socket; the first one is Nest's gateway. */
export const GATEWAYS = [ChatGateway, EditingGateway, PresenceGateway] as const;

/** Every command of the socket by name, as its class declares it. */
export const allCommands = (): ReadonlyMap<string, DeclaredCommand> =>
  new Map(GATEWAYS.flatMap((gateway) => [...declaredCommands(gateway)]));
