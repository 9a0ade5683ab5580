import { type CustomDecorator, applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';

const FORM = {
  type: 'object',
  required: ['file'],
  additionalProperties: false,
  properties: { file: { type: 'string', format: 'binary' } },
};

/** The route takes a form with one file in the field `file`; every other route refuses forms. */
export const TakesFile = (): MethodDecorator =>
  applyDecorators(
    RouteConfig({ takesFile: true }) as CustomDecorator,
    ApiConsumes('multipart/form-data'),
    ApiBody({ schema: FORM }),
  );
