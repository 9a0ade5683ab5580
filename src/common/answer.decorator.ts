import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { problem } from '../protocol/errors.js';
import { type JsonSchema, type Schema, toJsonSchema } from '../protocol/schema.js';

const SCHEMAS = '#/components/schemas/';

/** Every named schema that an answer reaches; the API document lists them under `components`. */
export const answerSchemas: Record<string, JsonSchema> = {};
toJsonSchema(problem, SCHEMAS, answerSchemas);

/** Says in the API document what a route answers with this status; without a schema: no body. */
export function Answer(status: number, schema?: Schema<unknown>): MethodDecorator {
  const options = { status, description: '' };
  if (!schema) return applyDecorators(ApiResponse(options));
  return applyDecorators(ApiResponse({ ...options, schema: toJsonSchema(schema, SCHEMAS, answerSchemas) }));
}

/** Says in the API document that a route answers with a file of this type. */
export const AnswersFile = (type: string): MethodDecorator => {
  const schema = { type: 'string', format: 'binary' } as const;
  return applyDecorators(ApiResponse({ status: 200, description: '', content: { [type]: { schema } } }));
};
