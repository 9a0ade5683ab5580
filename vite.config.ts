import { defineConfig } from 'vite';

/** The page, into dist/web, from where the server serves it under a strict content security policy. */
export default defineConfig({
  root: 'web',
  build: { outDir: '../dist/web', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: false, target: 'es2022' },
});
