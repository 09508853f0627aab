/** The compiled desktop application on the rig. All hosts of a file share one Chromium, each with a profile of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Chromium, startChromium } from '../../rig/chromium.ts';
import { type RemoteControl, type Rig, startRig } from '../../rig/rig.ts';
import { prepareFolder } from '../../support/hub-folder.ts';
import { restOf } from '../../support/rest.ts';
import { waitFor } from '../../support/wait.ts';
import { DesktopPage } from './desktop-page.ts';
import type { Driver, Host, StartOptions } from './driver.ts';
import type { Shell } from './shell.ts';

export class RigDriver implements Driver {
  readonly name = 'rig';
  readonly has = { address: false, shell: true, desk: true };
  #chromium: Chromium | undefined;
  #browser: Browser | undefined;

  async open(): Promise<void> {
    this.#chromium = await startChromium();
    this.#browser = await chromium.connectOverCDP(this.#chromium.endpoint, { noDefaults: true });
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#chromium?.close();
  }

  async start({ folder = mkdtempSync(join(tmpdir(), 'sluice-rig-')), doors }: StartOptions = {}): Promise<RigHost> {
    prepareFolder(folder, doors);
    const start = (...more: string[]): Rig =>
      startRig({
        chromium: this.#chromium?.endpoint,
        args: ['--data', folder, '--control', '127.0.0.1:0', '--json', ...more],
        env: { XDG_CONFIG_HOME: join(folder, 'xdg') },
      });
    const rig = start('--hidden');
    const ready = JSON.parse(await rig.line) as { url: string; tokenFile: string };
    const token = readFileSync(ready.tokenFile, 'utf8').trim();
    const { control } = rig;
    const look = new DesktopPage(folder);
    return {
      ...{ process: rig.process, control, folder, url: ready.url, token, log: rig.log },
      call: restOf(ready.url, token),
      pageOf: (target) => this.#pageOf(target),
      shell: shellOf(control, start),
      open: async (options) => {
        await control.clickTray();
        const page = await this.#page(control);
        const complaints = await control.complaints();
        return {
          ...(await look.open(page, complaints, options)),
          close: async () => {
            await control.closeWindow();
            await waitFor(() => page.isClosed(), 'the page to be gone');
          },
        };
      },
      stop: async ({ keep = false } = {}) => {
        rig.process.kill('SIGTERM');
        const code = await rig.exited;
        if (!keep) rmSync(folder, { recursive: true, force: true });
        return code;
      },
    };
  }

  /** Playwright's view of the window's page, once it is loaded. */
  async #page(control: RemoteControl): Promise<Page> {
    const target = await waitFor(async () => (await control.windows())[0]?.target, 'a page in the window');
    const page = await this.#pageOf(target);
    await page.waitForURL(/^https:\/\/app\.sluice\.invalid\//);
    return page;
  }

  #pageOf(target: string): Promise<Page> {
    return waitFor(async () => {
      const pages = this.#browser?.contexts().flatMap((context) => context.pages()) ?? [];
      for (const one of pages) if ((await targetOf(one)) === target) return one;
      return undefined;
    }, `the page ${target}`);
  }
}

export interface RigHost extends Host {
  readonly control: RemoteControl;
  /** Playwright's view of a page, by its name in Chromium. */
  pageOf(target: string): Promise<Page>;
}

const targets = new WeakMap<Page, string>();

async function targetOf(page: Page): Promise<string | undefined> {
  const known = targets.get(page);
  if (known !== undefined) return known;
  try {
    const session = await page.context().newCDPSession(page);
    const { targetInfo } = await session.send('Target.getTargetInfo');
    await session.detach();
    targets.set(page, targetInfo.targetId);
    return targetInfo.targetId;
  } catch {
    // It closed meanwhile.
    return undefined;
  }
}

function shellOf(control: RemoteControl, start: (...args: string[]) => Rig): Shell {
  return {
    windows: () => control.windows(),
    text: () => control.evaluate('document.body.innerText').then(String, () => ''),
    closeWindow: () => control.closeWindow(),
    minimizeWindow: () => control.minimizeWindow(),
    crashPage: () => control.crashPage(),
    quit: () => control.pressMenu(['Sluice', 'Quit Sluice']),
    answer: async (button) => {
      const question = await waitFor(async () => (await control.dialogs())[0], 'a question');
      await control.answerDialog(button);
      return question;
    },
    startAgain: (...args) => {
      const second = start(...args);
      second.line.catch(() => {});
      return second.exited;
    },
  };
}
