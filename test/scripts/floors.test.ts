import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const cruiser = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const config = resolve('.dependency-cruiser.mjs');

describe('the table of floors', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-floors-'));
    await plant('package.json', '{"type":"module"}');
    for (const floor of ['main', 'shared', 'renderer']) await plant(`${floor}/start.ts`, `import './other.ts';`);
    for (const floor of ['main', 'shared', 'renderer']) await plant(`${floor}/other.ts`, 'export const other = 1;');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function plant(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }

  /** What the check says, and whether it let the tree pass. */
  async function check(): Promise<{ passes: boolean; said: string }> {
    const args = [cruiser, '--config', config, '--output-type', 'err-long', 'main', 'shared', 'renderer'];
    return await run(process.execPath, args, { cwd: folder }).then(
      ({ stdout }) => ({ passes: true, said: stdout }),
      (error: { stdout: string }) => ({ passes: false, said: error.stdout }),
    );
  }

  it('lets a tree pass that imports downwards only', async () => {
    await plant('main/start.ts', `import './other.ts'; import '../shared/other.ts';`);
    expect(await check()).toMatchObject({ passes: true });
  });

  it.each([
    ['renderer/start.ts', `import './other.ts'; import '../main/other.ts';`, 'page-knows-no-engine'],
    [
      'renderer/start.ts',
      `import './other.ts'; import type { other } from '../main/other.ts'; export type T = typeof other;`,
      'page-knows-no-engine',
    ],
    ['main/start.ts', `import './other.ts'; import '../renderer/other.ts';`, 'engine-knows-no-page'],
    ['shared/start.ts', `import './other.ts'; import '../main/other.ts';`, 'shared-is-the-ground-floor'],
    ['shared/start.ts', `import './other.ts'; import 'node:fs';`, 'shared-has-no-platform'],
    ['renderer/start.ts', `import './other.ts'; import 'node:fs';`, 'page-has-no-node'],
    ['main/start.ts', `import './other.ts'; import 'electron';`, 'electron-in-one-place'],
    ['main/other.ts', `import './start.ts'; export const other = 1;`, 'no-circles'],
  ])('refuses %s with %s', async (path, text, rule) => {
    await plant(path, text);
    const { passes, said } = await check();
    expect(passes).toBe(false);
    expect(said).toContain(rule);
  });
});
