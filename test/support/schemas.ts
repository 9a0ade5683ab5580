import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** A document of the server's, as loosely typed JSON. */
export type Json = any;

/** Holds values against the schemas of an API document: draft 2020-12, strict, formats checked. */
export class SchemaCheck {
  private readonly ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor({ components }: Json) {
    formats.default(this.ajv);
    this.ajv.addKeyword('components');
    this.ajv.addSchema({ $id: 'document', components: { schemas: components.schemas } });
  }

  /** Every fault of the value, in words; none where it fits. */
  faultsOf(schema: object, value: unknown): string[] {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/');
    const check = this.compiled.get(text) ?? this.ajv.compile(JSON.parse(text) as object);
    this.compiled.set(text, check);
    return check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
}

/** Every `$ref` in a document that leads nowhere. */
export function brokenRefs(document: Json): string[] {
  const broken: string[] = [];
  const target = (ref: string): unknown => {
    const parts = ref.slice(2).split('/');
    return parts.reduce<Json>((at, part) => at?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  };
  JSON.stringify(document, (key, value: unknown) => {
    const isRef = key === '$ref' && typeof value === 'string';
    if (isRef && (!value.startsWith('#/') || target(value) === undefined)) broken.push(value);
    return value;
  });
  return broken;
}
