/** The compiled desktop application on real Electron. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type ElectronApplication, _electron as electron } from 'playwright-core';
import { electronBinary } from '../../../scripts/choose-host.mjs';
import { root } from '../../../scripts/ensure.mjs';
import type { DialogLook } from '../../rig/control.ts';
import { prepareFolder } from '../../support/hub-folder.ts';
import { restOf } from '../../support/rest.ts';
import { waitFor } from '../../support/wait.ts';
import { DesktopPage } from './desktop-page.ts';
import type { Driver, Host, StartOptions } from './driver.ts';
import type { Shell } from './shell.ts';

/** `npm run e2e` fetches it first; importing the package `electron` would fetch it in the middle of a test. */
function presentBinary(): string {
  const binary = electronBinary(join(root, 'node_modules', 'electron'), process.platform, process.env);
  if (!existsSync(binary)) throw new Error('Electron is not here. Fetch it with: npx install-electron');
  return binary;
}

export class ElectronDriver implements Driver {
  readonly name = 'electron';
  readonly has = { address: false, shell: true, desk: false };
  #binary = '';

  async open(): Promise<void> {
    this.#binary = presentBinary();
  }

  async close(): Promise<void> {}

  async start({ folder = mkdtempSync(join(tmpdir(), 'sluice-app-')), doors }: StartOptions = {}): Promise<Host> {
    prepareFolder(folder, doors);
    // The sandbox of Chromium does not start for root.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = [...asRoot, root, '--data', folder, '--control', '127.0.0.1:0', '--json'];
    const env = { ...(process.env as Record<string, string>), XDG_CONFIG_HOME: join(folder, 'xdg') };
    const app = await electron.launch({ executablePath: this.#binary, args: [...args, '--hidden'], env });
    const child = app.process();
    const exited = once(child, 'exit').then(([code]) => code as number | null);
    let log = '';
    (child.stderr as Readable).setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    const place = join(folder, 'control.json');
    const url = await waitFor(
      () => existsSync(place) && (JSON.parse(readFileSync(place, 'utf8')) as { url: string }).url,
      'the gateway to run',
      20_000,
    );
    const token = readFileSync(join(folder, 'control-token'), 'utf8').trim();
    const look = new DesktopPage(folder);
    const startAgain = async (...more: string[]): Promise<number | null> => {
      const second = spawn(this.#binary, [...args, ...more], { stdio: 'ignore', env });
      return (await once(second, 'exit'))[0] as number | null;
    };
    return {
      ...{ process: child, folder, url, token, log: () => log, call: restOf(url, token) },
      shell: shellOf(app, startAgain),
      open: async (options) => {
        const opened = app.waitForEvent('window');
        await app.evaluate((main) => main.app.emit('activate'));
        const page = await opened;
        return { ...(await look.open(page, [], options)), close: () => page.close() };
      },
      stop: async ({ keep = false } = {}) => {
        child.kill('SIGTERM');
        const code = await exited;
        if (!keep) rmSync(folder, { recursive: true, force: true });
        return code;
      },
    };
  }
}

function shellOf(app: ElectronApplication, startAgain: Shell['startAgain']): Shell {
  return {
    startAgain,
    windows: () =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => ({
          isVisible: window.isVisible() && !window.isMinimized(),
          isFocused: window.isFocused(),
          url: window.webContents.getURL(),
        })),
      ),
    text: () =>
      app.evaluate(async ({ BrowserWindow }) => {
        const page = BrowserWindow.getAllWindows()[0]?.webContents;
        const isThere = page && !page.isCrashed() && !page.isLoading();
        return isThere ? String(await page.executeJavaScript('document.body.innerText')) : '';
      }),
    closeWindow: () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()),
    minimizeWindow: () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize()),
    crashPage: () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()),
    quit: () => app.evaluate(({ app: main }) => void setImmediate(() => main.quit())),
    answer: (button) => answer(app, button),
  };
}

/** A box of the system cannot be pressed from outside: the next one is answered in its place. */
async function answer(app: ElectronApplication, button: string): Promise<DialogLook> {
  const asked = await app.evaluate(
    ({ dialog }, pressed) =>
      new Promise<Electron.MessageBoxOptions>((resolve) => {
        dialog.showMessageBox = async (...given: unknown[]) => {
          const options = given.at(-1) as Electron.MessageBoxOptions;
          resolve(options);
          return { response: options.buttons?.indexOf(pressed) ?? 0, checkboxChecked: false };
        };
      }),
    button,
  );
  const { title, message, detail, buttons = [], defaultId = 0, cancelId = 0 } = asked;
  const named = { defaultButton: buttons[defaultId] ?? '', cancelButton: buttons[cancelId] ?? '' };
  return { ...{ title, message, detail, buttons }, ...named };
}
