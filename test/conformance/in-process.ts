import { PassThrough } from 'node:stream';
import { type ClientUnderTest, serve } from '../../conformance/adapters/serve.js';
import type { AdapterSource } from '../../conformance/runner/adapter.js';

/** A client in this process behind the lines of the kit: a program for each vector would take most of the time. */
export const inProcess =
  (create: () => ClientUnderTest): AdapterSource =>
  () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    serve(create(), input, output);
    return { input, output, end: () => void input.end() };
  };
