// The adapter of the small client, and with a name behind it, of one of the broken ones.
import { BROKEN } from './broken.js';
import { serve } from './serve.js';
import { SmallClient } from './small-client.js';

const [name] = process.argv.slice(2);
const broken = BROKEN.find((one) => one.name === name);
if (name !== undefined && !broken) throw new Error(`there is no broken client ${name}`);
serve(broken ? new broken.Client() : new SmallClient(), process.stdin, process.stdout);
