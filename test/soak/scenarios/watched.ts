/** The traffic page in a browser while thousands of pipes are open and a thousand more come and go every second. */
import type { Browser, Page } from 'playwright-core';
import { percent } from '../../../bench/units.ts';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { addProxy } from '../../support/program-proxies.ts';
import { echoTarget } from '../../support/sockets.ts';
import { blow, cpuShare, type Gusts, openEchoing } from '../loads.ts';
import { count, type Scenario, type Soak } from '../scenario.ts';

const PIPES = 5000;
const PER_SECOND = 1000;
/** The first two seconds of a load are not looked at. */
const SETTLING = 2;
const SECONDS = 12;

/** Parts of one core: of the gateway, and of the page where one is given. */
interface Used {
  readonly gateway: number;
  readonly page: number;
  readonly load: Gusts;
}

async function under({ pid }: Soak, port: number, renderer?: () => Promise<number>): Promise<Used> {
  const load = blow(port, PER_SECOND, SETTLING + SECONDS + 1);
  await cpuShare(pid, SETTLING);
  const before = await renderer?.();
  const began = performance.now();
  const gateway = await cpuShare(pid, SECONDS);
  const seconds = (performance.now() - began) / 1000;
  const page = renderer ? ((await renderer()) - (before ?? 0)) / seconds : 0;
  return { gateway, page, load: await load };
}

/** Seconds that the process of the page has used so far. */
async function rendererOf(browser: Browser): Promise<() => Promise<number>> {
  const session = await browser.newBrowserCDPSession();
  return async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const times = processInfo.filter(({ type }) => type === 'renderer').map(({ cpuTime }) => cpuTime);
    return Math.max(...times);
  };
}

/** How many frames the page shows in a second; a page that hangs shows few. */
async function framesPerSecond(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        let frames = 0;
        const next = (): void => {
          frames += 1;
          const elapsed = performance.now() - began;
          if (elapsed < 2000) requestAnimationFrame(next);
          else resolve((frames * 1000) / elapsed);
        };
        requestAnimationFrame(next);
      }),
  );
}

export const watched: Scenario = {
  promise: 'Traffic page',
  words: `${PIPES} open pipes and ${PER_SECOND} new ones a second, looked at in Chromium`,
  async run(soak) {
    const { program, note } = soak;
    const target = await echoTarget();
    const many = await addProxy(program, 'many', target);
    const port = await addProxy(program, 'storm', target);
    const open = await openEchoing(many, PIPES);
    const failures = open.filter((socket) => !socket).length;
    const alone = await under(soak, port);
    note('the page is opened');
    const browser = await launchBrowser();
    try {
      const { page, complaints } = await openPage(browser, `${program.page}`);
      await page.getByRole('navigation', { name: 'Pages' }).waitFor();
      await page.getByRole('link', { name: 'Traffic' }).click();
      await page.getByRole('listbox', { name: 'Connections' }).getByRole('option').first().waitFor();
      const looked = await under(soak, port, await rendererOf(browser));
      const load = blow(port, PER_SECOND, 4);
      const frames = await framesPerSecond(page);
      await load;
      const unserved = [alone, looked].reduce((sum, { load: { sent, times } }) => sum + sent - times.length, 0);
      return [
        { words: 'not served', found: failures + unserved, limit: 0, unit: count },
        { words: 'renderer, of one core', found: looked.page, limit: 0.25, unit: percent },
        { words: 'gateway without the page', found: alone.gateway, limit: 1, unit: percent },
        { words: 'gateway, more with the page', found: looked.gateway - alone.gateway, limit: 0.05, unit: percent },
        { words: 'frames a second', found: frames, limit: 30, unit: count, isLeast: true },
        { words: 'complaints of the page', found: complaints.length, limit: 0, unit: count },
      ];
    } finally {
      await browser.close();
    }
  },
};
