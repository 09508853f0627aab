/** Builds the desktop application's main process: `main/electron/main.ts` → `dist/electron/main.js`. Only Electron and `node:` stay external. */
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

export default defineConfig({
  define: { __SLUICE_VERSION__: JSON.stringify(version) },
  publicDir: 'assets/desktop',
  ssr: { noExternal: true, external: ['electron'] },
  build: {
    ssr: 'main/electron/main.ts',
    outDir: 'dist/electron',
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rollupOptions: { output: { entryFileNames: 'main.js' } },
  },
});
