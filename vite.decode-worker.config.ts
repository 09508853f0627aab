/** Builds the thread that decodes traffic: one file beside the program of each host, see main/traffic/decoders/decode-desk.ts. */
import { defineConfig } from 'vite';

export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: 'main/traffic/decoders/worker.ts',
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    rollupOptions: {
      output: ['dist/headless', 'dist/electron'].map((dir) => ({ dir, entryFileNames: 'decode-worker.js' })),
    },
  },
});
