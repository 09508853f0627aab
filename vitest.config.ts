/** Unit and integration tests; what needs the built product and a browser has projects of its own. */
import { configDefaults, defineConfig } from 'vitest/config';

/** They start the built desktop application. */
const onTheRig = ['test/rig/**/*.test.ts', 'test/main/electron/hardening*.test.ts'];

/** The same specs on each host. */
const endToEnd = (name: string, driver: string, include: readonly string[]) => ({
  extends: true as const,
  test: {
    name,
    include: [...include],
    env: { SLUICE_DRIVER: driver },
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
const specs = ['test/e2e/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // More than two cores can do at once: many tests wait for time-outs, kills and links.
    maxWorkers: 4,
    // It imports Electron, which the tests stand in for.
    server: { deps: { inline: ['electron-store'] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{main,shared,renderer,scripts}/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, ...onTheRig],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          maxWorkers: 3,
          testTimeout: 90_000,
        },
      },
      endToEnd('e2e', 'headless', specs),
      endToEnd('e2e-rig', 'rig', [...specs, ...onTheRig]),
      endToEnd('e2e-electron', 'electron', specs),
    ],
  },
});
