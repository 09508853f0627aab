/** `sluice serve` in a process of its own, its page in a tab of Chromium. */
import type { Browser } from 'playwright-core';
import { launchBrowser, type OpenOptions, openPage } from '../../support/browser.ts';
import { startProgram } from '../../support/program.ts';
import type { Driver, Host, Opened, StartOptions } from './driver.ts';

export class HeadlessDriver implements Driver {
  readonly name = 'headless';
  readonly has = { address: true, shell: false, desk: false };
  #browser: Browser | undefined;

  async open(): Promise<void> {
    this.#browser = await launchBrowser();
  }

  async close(): Promise<void> {
    await this.#browser?.close();
  }

  async start({ folder, doors }: StartOptions = {}): Promise<Host> {
    const { process, url, token, page, log, call, stop, folder: used } = await startProgram(folder, doors);
    return {
      ...{ process, folder: used, url, token, call, log, stop, shell: undefined },
      open: (options) => this.show(page, options),
    };
  }

  /** Any address, for what only a browser can do. */
  async show(address: string, options?: OpenOptions): Promise<Opened> {
    if (!this.#browser) throw new Error('The driver is not open.');
    const { page, context, complaints } = await openPage(this.#browser, address, options);
    return { page, complaints, close: () => context.close() };
  }
}
