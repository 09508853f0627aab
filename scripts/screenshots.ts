/**
 * `npm run screenshots`: every page in every theme at 1440×900 and, in touch mode, at 1024×600, of a program that really
 * runs: with traffic, a busy port, a target that refuses, an address that is gone, and devices that come and go.
 * Pictures: test-results/screenshots/. `--only=plugin` takes those alone whose name has that in it.
 * With `--readme` it also renews the pictures of the README.
 */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { launchBrowser, openPage, type Theme } from '../test/support/browser.ts';
import { startProgram } from '../test/support/program.ts';
import { closeAll, unusedPort } from '../test/support/sockets.ts';
import { administerShots } from './pictures/administer-shots.ts';
import { certificateShots } from './pictures/certificate-shots.ts';
import { pluginShots } from './pictures/plugin-shots.ts';
import { portalShots } from './pictures/portal-shots.ts';
import { go } from './pictures/shot.ts';
import { shots } from './pictures/shots.ts';
import { makeSite } from './pictures/site.ts';
import { trafficShots } from './pictures/traffic-shots.ts';

const out = 'test-results/screenshots';
const themes: Theme[] = ['light', 'dark', 'sunlight'];
const sizes = [
  { name: '1440', width: 1440, height: 900, touch: false },
  { name: '1024-touch', width: 1024, height: 600, touch: true },
];

const only = /^--only=(.*)$/.exec(process.argv.find((text) => text.startsWith('--only=')) ?? '')?.[1] ?? '';
const all = [...shots, ...pluginShots, ...portalShots, ...certificateShots, ...trafficShots, ...administerShots];
const wanted = all.filter(({ name }) => name.includes(only));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const doors = async () => ({ tls: await unusedPort() });
const [full, empty] = [await startProgram(undefined, await doors()), await startProgram(undefined, await doors())];
const browser = await launchBrowser();
try {
  await makeSite(full);
  // The small graphs show the last minute; let them fill.
  await delay(process.argv.includes('--readme') ? 60_000 : 8000);
  for (const theme of themes) {
    for (const size of sizes) {
      const blank = await openPage(browser, empty.page, { ...size, theme });
      await blank.page.getByText('No pipes yet.').waitFor();
      await blank.page.screenshot({ path: join(out, `empty-${theme}-${size.name}.png`) });
      await go('/devices')(blank.page);
      await blank.page.getByText('No device has connected yet.').waitFor();
      await blank.page.screenshot({ path: join(out, `empty-devices-${theme}-${size.name}.png`) });
      await go('/plugins')(blank.page);
      await blank.page.getByText('No plugins yet.').waitFor();
      await blank.page.screenshot({ path: join(out, `empty-plugins-${theme}-${size.name}.png`) });
      await blank.context.close();
      const { page, context, complaints } = await openPage(browser, full.page, { ...size, theme });
      await page.getByText('Modbus gateway').first().waitFor();
      for (const shot of wanted) {
        await shot.prepare(page);
        await delay(400);
        await page.screenshot({ path: join(out, `${shot.name}-${theme}-${size.name}.png`) });
      }
      await context.close();
      if (complaints.length > 0) process.stderr.write(`${theme} ${size.name}: ${complaints.join('\n')}\n`);
    }
  }
  if (process.argv.includes('--readme')) {
    mkdirSync('docs/pictures', { recursive: true });
    for (const name of ['proxies', 'traffic'])
      copyFileSync(join(out, `${name}-light-1440.png`), `docs/pictures/${name}.png`);
  }
  process.stdout.write(`Pictures are in ${out}.\n`);
} finally {
  await browser.close();
  closeAll();
  await Promise.all([full.stop(), empty.stop()]);
}
