/** Builds the headless host and the command line: `main/headless/main.ts` → `dist/headless/sluice.js`. Only `node:` stays external. */
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

export default defineConfig({
  define: { __SLUICE_VERSION__: JSON.stringify(version) },
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: 'main/headless/main.ts',
    outDir: 'dist/headless',
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rollupOptions: { output: { entryFileNames: 'sluice.js' } },
  },
});
