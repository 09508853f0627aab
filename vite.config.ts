/** Builds the page: `renderer/` → `dist/renderer/`. Relative addresses, so that every host can serve it. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  base: './',
  publicDir: '../assets/public',
  plugins: [react()],
  // PostCSS complains about `composes`; this one reads it, and is there anyway to make the styles small. The areas of
  // the frame's grid are named across files, so those names stay.
  css: { transformer: 'lightningcss', lightningcss: { cssModules: { grid: false } } },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    sourcemap: false,
  },
});
