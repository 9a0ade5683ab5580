// Makes the index of search again from the log: npm run search:rebuild. The server may go on meanwhile.
import { join } from 'node:path';
import { loadConfig } from '../dist/src/config/load-config.js';
import { prepareTarget } from '../dist/src/database/target.js';
import { INDEX_FILE } from '../dist/src/search/index/index-file.js';
import { rebuildIndex } from '../dist/src/search/index/rebuild-index.js';

try {
  process.loadEnvFile();
} catch {
  // Without a file, the environment is enough.
}
try {
  const { database, dataDir } = loadConfig(process.env);
  const target = await prepareTarget(database);
  const tell = (rooms) => process.stdout.write(`${rooms} rooms\n`);
  await rebuildIndex(join(dataDir, INDEX_FILE), target, tell);
  process.stdout.write('the index is complete\n');
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
