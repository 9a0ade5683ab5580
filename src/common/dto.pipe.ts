import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import type { Limits } from '../protocol/limits.js';
import { checkDto } from './dto-check.js';

const PLAIN: readonly unknown[] = [String, Number, Boolean, Array, Object, undefined];

/** Checks every body, query, path and command whose parameter is a request class; anything else passes as it is. */
@Injectable()
export class DtoPipe implements PipeTransform {
  constructor(private readonly limits: Limits) {}

  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (type === 'custom' || PLAIN.includes(metatype)) return value;
    return checkDto(metatype as new () => object, value === undefined ? {} : value, this.limits);
  }
}
