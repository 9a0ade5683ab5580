import 'reflect-metadata';
import { schema } from './src/app.entities.js';
import { loadConfig } from './src/config/load-config.js';
import { ParleyDataSource, dataSourceOptions } from './src/database/data-source.js';
import { prepareTarget } from './src/database/target.js';

// For TypeORM's command line tool, which runs on the built file (`npm run migration:run`); the server makes the same.
try {
  process.loadEnvFile();
} catch {
  // Without a file, the environment is enough.
}

const target = await prepareTarget(loadConfig(process.env).database);

export default new ParleyDataSource(dataSourceOptions(target, schema, 'write'));
