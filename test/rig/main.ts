/** The rig's process: runs a compiled main bundle as Electron would. Arguments are those of the application. */
import './loader.ts';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Cdp } from './cdp.ts';
import { startChromium } from './chromium.ts';
import { listenToParent } from './control.ts';
import { desk } from './desk.ts';
import { app, appFolder, appPackage, options } from './electron-app.ts';
import { provideChromiumToViews } from './electron-view.ts';
import { provideChromium } from './electron-window.ts';

const bundle = resolve(options.main ?? join(appFolder, appPackage.main));
const imported = /^import\s[^;]*from\s*["']electron["']/m.test(readFileSync(bundle, 'utf8'));
if (!imported) throw new Error(`${bundle} does not import electron.`);

// As in Electron: the program, in a clone the application, and what a person wrote.
process.argv = [process.execPath, ...(options.isPackaged ? [] : [appFolder]), ...process.argv.slice(2)];
Object.assign(process, { type: 'browser', resourcesPath: dirname(appFolder), defaultApp: !options.isPackaged });
desk.onFault = (text) => void process.stderr.write(`rig: ${text}\n`);
listenToParent();

const started = options.chromium === undefined ? startChromium() : undefined;
const chromium = (async () => await Cdp.connect(options.chromium ?? (await started)?.endpoint ?? ''))();
chromium.then(
  (cdp) => process.send?.({ chromium: cdp.endpoint }),
  (error: Error) => {
    process.stderr.write(`rig: ${error.message}\n`);
    app.exit(70);
  },
);
provideChromium(chromium);
provideChromiumToViews(chromium);
app.onExit = async () => {
  await Promise.allSettled([...desk.windows].map((window) => window.contents.destroy()));
  (await chromium).close();
  await (await started)?.close();
};

await import(pathToFileURL(bundle).href);
app.becomeReady();
