/** What a careless change could do to the shell, done to a copy of the build: the rig must say so. */
import { afterAll, beforeAll, it } from 'vitest';
import { type Chromium, startChromium } from '../../rig/chromium.ts';
import type { Edit } from '../../rig/variant.ts';
import { startDesktop } from '../../support/desktop-app.ts';
import { waitFor } from '../../support/wait.ts';

const main = 'dist/electron/main.js';
const preload = 'dist/electron/preload.cjs';

let chromium: Chromium;

beforeAll(async () => {
  chromium = await startChromium();
});
afterAll(() => chromium.close());

const planted: [what: string, says: string, edit: Edit][] = [
  [
    'nodeIntegration in the window',
    'nodeIntegration: true',
    [main, /nodeIntegration: false/g, 'nodeIntegration: true'],
  ],
  ['no context isolation', 'contextIsolation: false', [main, /contextIsolation: true/g, 'contextIsolation: false']],
  ['no sandbox', 'sandbox: false', [main, /sandbox: true/g, 'sandbox: false']],
  ['a preload that requires a module of Node', "cannot require 'node:fs'", [preload, /^/, 'require("node:fs");\n']],
  ['a preload that is not there', 'There is no preload', [main, '"preload.cjs"', '"preload.js"']],
  [
    'a channel that the preload misspells',
    "Nobody in the main process listens on the channel 'sluice.port.reqested'",
    [preload, '"sluice.port.requested"', '"sluice.port.reqested"'],
  ],
  [
    'a channel that the main process misspells',
    "The preload does not listen on the channel 'sluice.port.answerd'",
    [main, '"sluice.port.answered"', '"sluice.port.answerd"'],
  ],
  [
    'a member of Electron that is misspelt',
    'electron.d.ts knows no app.requestSingleInstanceLok',
    [main, 'app.requestSingleInstanceLock(', 'app.requestSingleInstanceLok('],
  ],
  [
    'an event of Electron that is misspelt',
    "electron.d.ts knows no event 'second-instanse' of app",
    [main, 'app.on("second-instance"', 'app.on("second-instanse"'],
  ],
  [
    'a scheme that is registered when Electron is ready',
    'protocol.registerSchemesAsPrivileged must be called before',
    [main, /^(\s*)registerScheme\(\);/m, 'app.whenReady().then(registerScheme);'],
  ],
  ['a scheme that other origins can read', 'CVE-2026-70604', [main, 'corsEnabled: true', 'corsEnabled: false']],
  ['a picture of the tray that is not there', 'There is no image', [main, /tray-\$\{icon\}\.png/, 'tray.pgn']],
];

it.each(planted)('%s is caught', async (_what, says, edit) => {
  const started = startDesktop({ chromium: chromium.endpoint }, [edit]);
  try {
    await waitFor(() => started.log().includes(says), `${says} in ${started.log()}`, 10_000);
  } finally {
    await started.stop();
  }
});
