/** The built desktop application on the rig, on a data folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Rig, type StartOptions, startRig } from '../rig/rig.ts';
import { type Edit, variantOf } from '../rig/variant.ts';
import { prepareFolder } from './hub-folder.ts';
import { waitFor } from './wait.ts';

export interface DesktopApp extends Rig {
  readonly folder: string;
  /** Runs in the page, as a script of it. */
  page<T = unknown>(code: string): Promise<T>;
  /** The page shows this text. */
  shows(text: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** What the application needs of the build. */
const parts = ['package.json', 'dist/electron', 'dist/renderer'];

export function startDesktop(options: StartOptions = {}, edits: readonly Edit[] = []): DesktopApp {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-desktop-'));
  prepareFolder(folder);
  const variant = edits.length > 0 ? variantOf(resolve('.'), parts, edits) : undefined;
  const rig = startRig({
    ...options,
    ...(variant && { app: variant.folder }),
    args: ['--data', folder, '--control', '127.0.0.1:0', '--json', ...(options.args ?? [])],
    env: { XDG_CONFIG_HOME: join(folder, 'xdg'), ...options.env },
  });
  const page = <T>(code: string) => rig.control.evaluate(code) as Promise<T>;
  return {
    ...{ ...rig, folder, page },
    shows: (text) =>
      waitFor(
        () => page<boolean>(`document.body.innerText.includes(${JSON.stringify(text)})`).catch(() => false),
        `the page to show ${text}`,
        10_000,
      ),
    stop: async () => {
      rig.process.kill('SIGTERM');
      await rig.exited;
      rmSync(folder, { recursive: true, force: true });
      variant?.remove();
    },
  };
}
