/** A Chromium with a DevTools address. It ends with whoever started it, also when that one is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { findBrowser } from '../../scripts/ensure.mjs';
import { browserFlags } from '../support/browser-flags.ts';

export interface Chromium {
  /** `ws://…`, for DevTools clients. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Electron's ports tell of their end, and its pages may ask for a window at any time. */
const likeElectron = ['--enable-blink-features=MessagePortCloseEvent', '--disable-popup-blocking'];

/** Windows of the rig lie under each other, and none of them may fall asleep; Electron keeps no pages for the way back. */
const awake = [
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
  '--disable-back-forward-cache',
];

export async function startChromium(): Promise<Chromium> {
  const program = findBrowser();
  if (program === undefined) throw new Error('The rig needs Chromium. Install it or name it in SLUICE_CHROMIUM.');
  const profile = mkdtempSync(join(tmpdir(), 'sluice-chromium-'));
  // Chromium ends when its pipe does; nobody speaks over it.
  const child = spawn(
    program,
    [
      ...browserFlags,
      ...likeElectron,
      ...awake,
      ...['--headless', '--no-startup-window', '--lang=en-GB', `--user-data-dir=${profile}`],
      ...['--remote-debugging-pipe', '--remote-debugging-port=0'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  createInterface({ input: child.stderr as Readable }).on('line', (line) => {
    const endpoint = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (endpoint) resolve(endpoint);
  });
  exited.then(([code]) => reject(new Error(`Chromium ended with ${code} before it could be reached.`)), reject);
  return {
    endpoint: await promise,
    close: async () => {
      child.kill();
      await exited;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
