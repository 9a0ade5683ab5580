// `npm run demo`: a server with people, rooms, files and talk in it, in a folder of its own. Ctrl-C ends it.
//
//   npm run demo -- [--port 3000] [--data ./data/demo]
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CAST, PASSWORD } from './cast.mjs';
import { comeIn, fill } from './fill.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '3000' }, data: { type: 'string', default: './data/demo' } },
});
mkdirSync(values.data, { recursive: true });
const { PATH, HOME } = process.env;
const server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'dist/src/main.js'], {
  env: { PATH, HOME, PORT: values.port, DATA_DIR: values.data, LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.kill(signal));
server.once('exit', (code) => process.exit(code ?? 0));

const url = await listening();
const isNew = await fill(url);
await comeIn(url);
process.stdout.write(`${isNew ? 'filled' : 'was filled before'}: ${url}\n`);
process.stdout.write(`sign in as ${Object.keys(CAST).join(', ')}, password: ${PASSWORD}\n`);

function listening() {
  return new Promise((resolve) => {
    let output = '';
    server.stdout.on('data', (chunk) => {
      output = (output + chunk).slice(-10_000);
      const found = /listening on (http:\S+)\n/.exec(output);
      if (found) resolve(found[1]);
    });
  });
}
