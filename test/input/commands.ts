import type { Json } from '../support/schemas.js';
import { CANARY, Fields } from './fields.js';
import { FIELD_KINDS, type CommandKind, type FieldKind } from './kinds.js';

/** A frame as text, and what its answer must say besides status and code. */
export interface BadFrame {
  readonly text: string;
  /** The path of the fault. */
  readonly at?: string;
  /** The command's id, where it can be read. */
  readonly id?: string;
}

/** One command of the AsyncAPI document, with everything it can be sent wrong. */
export class Command {
  private readonly fields: Fields;
  private count = 0;

  constructor(
    readonly name: string,
    { components }: Json,
  ) {
    const { payload } = components.messages[`${name}.command`];
    this.fields = new Fields(payload.properties.data, components.schemas);
  }

  /** The frame with nothing wrong in it, which may still meet a refusal for what it asks. */
  get good(): BadFrame {
    return this.frame({ data: JSON.stringify(this.fields.good) });
  }

  bad(kind: CommandKind | FieldKind): BadFrame[] {
    if (kind in FIELD_KINDS) {
      return this.fields.bad(kind as FieldKind).map(({ json, at }) => ({ ...this.frame({ data: json }), at }));
    }
    return MAKERS[kind as CommandKind](JSON.stringify(this.fields.good)).map((given) => this.frame(given));
  }

  private frame({ data = '{}', event = JSON.stringify(this.name), extra = '', whole, id, at }: Given): BadFrame {
    if (whole !== undefined) return { text: whole };
    const own = `b${++this.count}`;
    const named = event === '' ? '' : `,"event":${event}`;
    return { text: `{"id":${id ?? `"${own}"`}${named},"data":${data}${extra}}`, id: id ? undefined : own, at };
  }
}

/** All commands of an AsyncAPI document. */
export const commandsOf = (document: Json): Command[] =>
  Object.keys(document.components.messages as object)
    .filter((name) => name.endsWith('.command'))
    .map((name) => new Command(name.replace(/\.command$/, ''), document));

/** What differs from the good frame, as JSON each. */
interface Given {
  readonly data?: string;
  readonly event?: string;
  /** What follows the known fields. */
  readonly extra?: string;
  readonly id?: string;
  /** In the place of all. */
  readonly whole?: string;
  readonly at?: string;
}

const quoted = (text: string) => JSON.stringify(text);

const MAKERS: Record<CommandKind, (good: string) => Given[]> = {
  noObject: () => ['[]', quoted(CANARY), '7', 'true'].map((data) => ({ data, at: '' })),
  frameNoJson: (good) =>
    [
      '',
      ' ',
      `{"${CANARY}`,
      `{"data":${good},}`,
      `{"data":${good}}//`,
      '{"data":NaN}',
      CANARY,
      `{"data":${good}}{}`,
    ].map((whole) => ({ whole })),
  frameNoObject: (good) => ['null', '[]', `[${good}]`, quoted(CANARY), '7', 'true'].map((whole) => ({ whole })),
  frameUnknown: (data) => [`,"${CANARY}":1`, ',"token":"x"', ',"Data":{}'].map((extra) => ({ data, extra })),
  frameNoId: (data) =>
    ['""', quoted('x'.repeat(65)), '7', `["${CANARY}"]`, 'null', 'true', '"\\ud800"', '"\\u0000"'].map((id) => ({
      id,
      data,
    })),
  event: (data) =>
    ['PING', ' ping', 'ping ', 'x.ping', CANARY, 'constructor', '__proto__', 'hasOwnProperty', ''].map((event) => ({
      data,
      event: quoted(event),
    })),
  eventNone: (data) => ['', '7', 'null', `["${CANARY}"]`, '{}'].map((event) => ({ data, event })),
  notStarted: (data) => [{ data }, { data: '[]' }, { data: `{"${CANARY}":1}` }],
};
