import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Plugin, defineConfig } from 'vite';

/** Texts below this are one packet either way. */
const WORTH_BYTES = 1000;

/** Packs every file beside itself, once and for all: the server sends what the browser takes. */
const packed: Plugin = {
  name: 'packed',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const file of Object.values(bundle)) {
      const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
      if (content.length < WORTH_BYTES) continue;
      writeFileSync(join(dir, `${file.fileName}.gz`), gzipSync(content, { level: 9 }));
      writeFileSync(join(dir, `${file.fileName}.br`), brotliCompressSync(content));
    }
  },
};

/** The page, into dist/web, from where the server serves it under a strict content security policy. */
export default defineConfig({
  root: 'web',
  plugins: [packed],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
