import type { Json } from '../support/schemas.js';
import { Fields } from './fields.js';
import { FIELD_KINDS, type FieldKind, type RequestKind } from './kinds.js';
import { type Given, MAKERS, type Parts, ULID, withIds } from './makers.js';

const JSON_TYPE = 'application/json';

/** A request as bytes. */
export interface BadRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out: the caller's own. */
  readonly authorization?: string;
  /** The path of the fault that the answer names. */
  readonly at?: string;
}

/** One route of the API document, with everything it can be sent wrong. */
export class Operation {
  readonly name: string;
  private readonly fields: Fields | null;
  private readonly query: readonly Json[];

  constructor(
    readonly method: string,
    private readonly template: string,
    private readonly described: Json,
    private readonly document: Json,
  ) {
    this.name = `${method} ${template}`;
    const schema = described.requestBody?.content[JSON_TYPE]?.schema;
    this.fields = schema ? new Fields(schema, document.components.schemas) : null;
    this.query = described.parameters.filter((parameter: Json) => parameter.in === 'query');
  }

  /** Whether it takes a form in place of JSON. */
  get takesForm(): boolean {
    return this.described.requestBody?.content['multipart/form-data'] !== undefined;
  }

  /** The request with nothing wrong in it, which may still meet a refusal for what it asks. */
  get good(): BadRequest {
    return this.ask({});
  }

  bad(kind: RequestKind | FieldKind, bodyBytes: number): BadRequest[] {
    if (kind in FIELD_KINDS) {
      const bodies = this.fields?.bad(kind as FieldKind) ?? [];
      return bodies.map(({ json, at }) => ({ ...this.ask({ body: json }), at }));
    }
    const make = MAKERS[kind as RequestKind];
    return make({ ...this.parts, bodyBytes }).map((given) => ({ ...this.ask(given), at: given.at }));
  }

  private get parts(): Omit<Parts, 'bodyBytes'> {
    const { method, template, query, fields, described, document } = this;
    const ids = described.parameters.filter((parameter: Json) => parameter.in === 'path').map(({ name }: Json) => name);
    const takesKey = described.parameters.some((parameter: Json) => parameter.name === 'Idempotency-Key');
    const offered = methodsOf(document, withIds(template));
    const isPublic = described.security !== undefined;
    return { method, template, query, fields, ids, takesKey, isPublic, offered, good: this.goodQuery };
  }

  private get goodQuery(): string {
    const required = this.query.filter(({ required: isRequired }) => isRequired);
    return required.map(({ name, schema }) => `${name}=${sampleOf(schema as Json)}`).join('&');
  }

  private ask({ path, query, body, headers, method = this.method, authorization }: Given): BadRequest {
    const search = query ?? this.goodQuery;
    const content = body === undefined && this.fields ? JSON.stringify(this.fields.good) : body;
    const isJson = content !== undefined && content !== null;
    return {
      method,
      path: (path ?? withIds(this.template)) + (search && `?${search}`),
      body: content ?? undefined,
      headers: { ...(isJson ? { 'content-type': JSON_TYPE } : {}), ...headers },
      authorization,
    };
  }
}

function sampleOf({ type, pattern }: Json): string {
  if (type === 'integer') return '0';
  return pattern ? ULID : 'sample';
}

/** All routes of an API document. */
export const operationsOf = (document: Json): Operation[] =>
  Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, described]) => new Operation(method.toUpperCase(), path, described, document)),
  );

/** The methods of all routes that the address fits: `/users/lookup` is also `/users/{id}`. */
function methodsOf(document: Json, path: string): string[] {
  const fitting = Object.entries(document.paths as Record<string, object>).filter(([template]) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return fitting.flatMap(([, item]) => Object.keys(item)).map((name) => name.toUpperCase());
}
