import { COMMAND_ACKS, type CommandName } from '../protocol/commands.js';
import { SUBPROTOCOL } from '../protocol/subprotocol.js';
import { problem } from '../protocol/errors.js';
import { DURABLE_EVENTS, EPHEMERAL_EVENTS, PRIVATE_EVENTS } from '../protocol/events.js';
import { type JsonSchema, type Schema, toJsonSchema } from '../protocol/schema.js';
import { allCommands } from './gateways.js';

const SCHEMAS = '#/components/schemas/';

/** The request class of each command, from the gateways themselves: a command that is not documented cannot exist. */
export const commandModels = (): ReadonlyMap<CommandName, new () => object> =>
  new Map([...allCommands()].map(([name, { model }]) => [name as CommandName, model]));

/**
 * The AsyncAPI 3 document of the socket: commands from the gateway, acks and events from `protocol/`.
 *
 * @param version of the program
 * @param requests JSON Schemas of the commands' request classes by class name, as the OpenAPI document has them
 */
export function asyncApiDocument(version: string, requests: Readonly<Record<string, unknown>>): object {
  const schemas: Record<string, JsonSchema> = { ...(requests as Record<string, JsonSchema>) };
  const render = (schema: Schema<unknown>) => toJsonSchema(schema, SCHEMAS, schemas);
  const commands = [...commandModels()].map(([name, model]) => commandParts(name, model, render(COMMAND_ACKS[name])));
  const events = eventGroups().flatMap(({ kind, events: group }) =>
    Object.entries(group).map(([name, schema]) => eventParts(name, kind, render(schema))),
  );
  const error = { error: message('error', { required: ['event', 'data'], id: true, data: render(problem) }) };
  const parts = [...commands, ...events, skipParts()];
  const messages = Object.assign(error, ...parts.map((part) => part.messages)) as Record<string, unknown>;
  return {
    asyncapi: '3.0.0',
    info: { title: 'Parley', version, description: `The WebSocket protocol ${SUBPROTOCOL}; see docs/protocol.md.` },
    defaultContentType: 'application/json',
    channels: {
      socket: {
        address: '/ws',
        description: `Subprotocol ${SUBPROTOCOL}. One JSON object a text frame.`,
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, componentRef(name)])),
      },
    },
    operations: Object.assign({}, ...parts.map((part) => part.operations)) as object,
    components: { messages, schemas },
  };
}

interface Parts {
  readonly messages: Record<string, unknown>;
  readonly operations: Record<string, unknown>;
}

const componentRef = (name: string) => ({ $ref: `#/components/messages/${name}` });
const channelRef = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` });
const CHANNEL = { $ref: '#/channels/socket' };

function commandParts(name: CommandName, model: new () => object, ack: JsonSchema): Parts {
  const request = `${name}.command`;
  // `session.ready` stands for the ack of `session.start`.
  const event = name === 'session.start' ? 'session.ready' : 'ack';
  const reply = `${name}.${event === 'ack' ? 'ack' : 'ready'}`;
  return {
    messages: {
      [request]: message(name, { required: ['event'], id: true, data: { $ref: SCHEMAS + model.name } }),
      [reply]: message(event, { required: ['id', 'event', 'data'], id: true, data: ack }),
    },
    operations: {
      [name]: {
        action: 'receive',
        channel: CHANNEL,
        messages: [channelRef(request)],
        reply: { channel: CHANNEL, messages: [channelRef(reply), channelRef('error')] },
      },
    },
  };
}

type Kind = 'durable' | 'private' | 'ephemeral';

function eventGroups(): { kind: Kind; events: Record<string, Schema<unknown>> }[] {
  const { 'session.ready': _reply, error: _error, ...ephemeral } = EPHEMERAL_EVENTS;
  return [
    { kind: 'durable', events: DURABLE_EVENTS },
    { kind: 'private', events: PRIVATE_EVENTS },
    { kind: 'ephemeral', events: ephemeral },
  ];
}

function eventParts(name: string, kind: Kind, data: JsonSchema): Parts {
  const required = {
    durable: ['event', 'roomId', 'rev', 'at', 'data'],
    private: ['event', 'userRev', 'data'],
    ephemeral: ['event', 'data'],
  };
  return {
    messages: { [name]: message(name, { required: required[kind], data }) },
    operations: { [`send ${name}`]: { action: 'send', channel: CHANNEL, messages: [channelRef(name)] } },
  };
}

/** The one frame without data: the revs from `fromRev` to `rev` have nothing for this reader. */
function skipParts(): Parts {
  const rev = { type: 'integer', minimum: 1 };
  const properties = { event: { const: 'skip' }, roomId: { type: 'string' }, fromRev: rev, rev };
  const payload = { type: 'object', required: Object.keys(properties), additionalProperties: false, properties };
  return {
    messages: { skip: { name: 'skip', payload } },
    operations: { 'send skip': { action: 'send', channel: CHANNEL, messages: [channelRef('skip')] } },
  };
}

interface Shape {
  readonly required: readonly string[];
  readonly data: JsonSchema;
  /** Whether the frame may carry a command's id. */
  readonly id?: boolean;
}

function message(event: string, { required, data, id }: Shape): object {
  const facts = {
    roomId: { type: 'string' },
    rev: { type: 'integer', minimum: 1 },
    userRev: { type: 'integer', minimum: 1 },
    at: { type: 'string', format: 'date-time' },
  };
  const wanted = Object.entries(facts).filter(([name]) => required.includes(name) || (name === 'roomId' && !id));
  return {
    name: event,
    payload: {
      type: 'object',
      required,
      additionalProperties: false,
      properties: {
        ...(id ? { id: { type: 'string', minLength: 1, maxLength: 64 } } : {}),
        event: { const: event },
        ...Object.fromEntries(wanted),
        data,
      },
    },
  };
}
