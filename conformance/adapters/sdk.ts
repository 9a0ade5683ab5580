// The adapter of the TypeScript SDK: npm run conformance -- --client "node dist/conformance/adapters/sdk.js"
import { SdkClient } from './sdk-client.js';
import { serve } from './serve.js';

serve(new SdkClient(), process.stdin, process.stdout);
