/** Builds the threads that serve spread ports: one file beside the program of each host, see main/engine/spread/crew.ts. */
import { defineConfig } from 'vite';

export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: 'main/engine/spread/worker.ts',
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    rollupOptions: {
      output: ['dist/headless', 'dist/electron'].map((dir) => ({ dir, entryFileNames: 'worker.js' })),
    },
  },
});
