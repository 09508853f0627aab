import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/store.ts';
import { waitFor } from '../support/wait.ts';
import { type Chromium, startChromium } from './chromium.ts';
import { type Rig, startRig } from './rig.ts';
import { type Edit, variantOf } from './variant.ts';

const fixture = join(import.meta.dirname, 'fixture');

interface Told {
  readonly event: string;
  readonly [field: string]: unknown;
}
interface Fixture extends Rig {
  readonly folder: string;
  readonly told: Told[];
  /** Waits for an event of the fixture, and takes it out. */
  heard(event: string): Promise<Told>;
  page<T = unknown>(code: string): Promise<T>;
}

let chromium: Chromium;
let running: Rig[] = [];

beforeAll(async () => {
  chromium = await startChromium();
});
afterAll(() => chromium.close());
afterEach(async () => {
  for (const rig of running) rig.process.kill('SIGKILL');
  await Promise.all(running.map((rig) => rig.exited));
  running = [];
});

function start(folder: string, app = fixture, more: string[] = [], own = false): Fixture {
  const place = own ? { env: { TMPDIR: folder } } : { chromium: chromium.endpoint };
  const rig = startRig({ app, args: [folder, ...more], ...place });
  if (!own) running.push(rig);
  const told: Told[] = [];
  createInterface({ input: rig.process.stdout as Readable }).on('line', (line) => told.push(JSON.parse(line)));
  return {
    ...rig,
    folder,
    told,
    heard: async (event) => {
      const found = await waitFor(() => told.find((one) => one.event === event), `${event}; ${rig.log()}`);
      told.splice(told.indexOf(found), 1);
      return found;
    },
    page: <T>(code: string) => rig.control.evaluate(code) as Promise<T>,
  };
}

async function open(edits: readonly Edit[] = []): Promise<Fixture> {
  const variant = variantOf(import.meta.dirname, ['fixture'], edits);
  onTestFinished(variant.remove);
  return start(temporaryFolder(), join(variant.folder, 'fixture'));
}

async function loaded(edits?: readonly Edit[]): Promise<Fixture> {
  const rig = await open(edits);
  await rig.heard('loaded');
  return rig;
}

describe('the rig', () => {
  it('runs an application: its window, its page by its own scheme, its policy, and nothing of Node in the page', async () => {
    const rig = await loaded();
    expect(await rig.control.windows()).toMatchObject([{ url: 'fixture://app/', isVisible: true, width: 800 }]);
    expect(await rig.page('document.body.innerText')).toContain('Hello');
    expect(await rig.page('isSecureContext')).toBe(true);
    expect(await rig.page('[typeof require, typeof process, typeof ipcRenderer, typeof __rigSend].join()')).toBe(
      'undefined,undefined,undefined,undefined',
    );
    expect(await rig.page("fetch('/nothing').then(({ status }) => status)")).toBe(404);
    await rig.page("document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))");
    expect(await rig.page('typeof ran')).toBe('undefined');
    expect(await rig.control.complaints()).toContainEqual(expect.stringContaining('Content Security Policy'));
    expect(await rig.control.faults()).toEqual([]);
  });

  it('carries messages and answers between the preload and the main process', async () => {
    const rig = await loaded();
    const answer = await rig.page(`new Promise((resolve) => {
      window.addEventListener('message', ({ data }) => data.result && resolve(data.result));
      window.postMessage({ double: 21 });
    })`);
    expect(answer).toBe(42);
  });

  it('hands a port over to the page: both ways, by structured clone, and both ends hear of its end', async () => {
    const rig = await loaded();
    expect(await rig.heard('port')).toMatchObject({ data: 'from the page' });
    await waitFor(() => rig.page<boolean>('heard.length === 1'), 'the echo');
    await rig.page('port.postMessage(new Uint8Array([1, 2, 3]).subarray(1))');
    expect(await rig.heard('port')).toMatchObject({ data: '2,3', type: 'Uint8Array' });
    await rig.page(
      'port.postMessage({ date: new Date(5), big: 2n, list: [undefined, NaN, -0], map: new Map([[1, new Set([2])]]), bytes: new ArrayBuffer(2) })',
    );
    await waitFor(() => rig.page<boolean>('heard.length === 3'), 'the echoes');
    expect(
      await rig.page(`(([, bytes, { date, big, list, map, bytes: buffer }]) => [
        bytes instanceof Uint8Array && bytes.length, date instanceof Date && +date, big === 2n, list.length,
        0 in list, list[1] !== list[1], Object.is(list[2], -0), map.get(1).has(2), buffer.byteLength,
      ].join())(heard)`),
    ).toBe('2,5,true,3,true,true,true,true,2');
    await rig.page("port.postMessage('close')");
    await waitFor(() => rig.page<boolean>("heard.at(-1) === 'closed'"), 'the page to hear of the end');
    await rig.heard('port closed');
    rig.told.length = 0;
    await rig.page("window.postMessage('ask')");
    await rig.heard('port');
    await rig.page('port.close()');
    await rig.heard('port closed');
  });

  it('ends the port of a page that is loaded anew, of a page that crashed, and of a window that is closed', async () => {
    const rig = await loaded();
    await rig.page("window.postMessage({ do: 'reload' })");
    await rig.heard('port closed');
    await waitFor(() => rig.page<boolean>('window.heard?.length === 1').catch(() => false), 'the new page');
    await rig.control.crashPage();
    await rig.heard('render-process-gone');
    await rig.heard('port closed');
    await waitFor(() => rig.page<boolean>('window.heard?.length === 1').catch(() => false), 'the page after the crash');
    await rig.control.closeWindow();
    await rig.heard('port closed');
    await rig.heard('all closed');
    await rig.heard('loaded');
  });

  it('asks the application before a page goes elsewhere, opens a window, loads from elsewhere or uses a device', async () => {
    const rig = await loaded();
    await rig.page("void (location.href = 'https://example.com/away')");
    expect(await rig.heard('will-navigate')).toMatchObject({ url: 'https://example.com/away' });
    await rig.page("void window.open('https://example.com/popup')");
    expect(await rig.heard('window.open')).toMatchObject({ url: 'https://example.com/popup' });
    expect(await rig.page("fetch('https://example.com/').catch(() => 'refused')")).toBe('refused');
    expect(await rig.page("navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)")).toBe(
      'denied',
    );
    expect(await rig.control.windows()).toMatchObject([{ url: 'fixture://app/' }]);
  });

  it('lets one application per folder run, and tells it of the next one', async () => {
    const first = await loaded();
    const second = start(first.folder, fixture, ['--again']);
    expect(await second.exited).toBe(7);
    expect(await first.heard('second')).toMatchObject({ last: '--again', data: { number: 42 } });
  });

  it('quits as Electron does: before-quit can keep it, then windows close, then it is over', async () => {
    const rig = await loaded();
    await rig.control.quit();
    expect(await rig.control.dialogs()).toMatchObject([{ message: 'Really?', cancelButton: 'No' }]);
    await rig.control.answerDialog('No');
    await rig.control.quit();
    await rig.control.answerDialog('Yes');
    await rig.heard('will-quit');
    expect(await rig.exited).toBe(0);
  });

  it('shows notifications, which can be clicked, and what goes to other programs', async () => {
    const rig = await loaded();
    await rig.page("window.postMessage({ do: 'notify' })");
    await waitFor(async () => (await rig.control.notifications()).length, 'a notification');
    await rig.control.clickNotification('Title');
    await rig.heard('clicked');
    await rig.page("window.postMessage({ do: 'outside' })");
    await waitFor(async () => (await rig.control.opened()).includes('https://example.com/'), 'the address outside');
  });

  it('ends with its parent, and its own Chromium with it', async () => {
    const rig = start(temporaryFolder(), fixture, [], true);
    await rig.heard('loaded');
    const { port } = new URL(await rig.chromium);
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/json/version`).then(
        () => true,
        () => false,
      );
    expect(await answers()).toBe(true);
    const [exited] = [once(rig.process, 'exit'), rig.process.disconnect()];
    expect(await exited).toEqual([1, null]);
    await waitFor(async () => !(await answers()), 'Chromium to be gone');
    const killed = start(temporaryFolder(), fixture, [], true);
    await killed.heard('loaded');
    const other = new URL(await killed.chromium).port;
    killed.process.kill('SIGKILL');
    await waitFor(
      () =>
        fetch(`http://127.0.0.1:${other}/json/version`).then(
          () => false,
          () => true,
        ),
      'that one, too',
    );
  });
});

describe('the rig refuses', () => {
  const unsafe = [
    ...['nodeIntegration: true', 'nodeIntegrationInWorker: true', 'contextIsolation: false', 'sandbox: false'],
    ...['webSecurity: false', 'allowRunningInsecureContent: true', 'experimentalFeatures: true', 'webviewTag: true'],
    ...["enableBlinkFeatures: 'All'", "preload: '/nowhere.cjs'", 'nodeIntegratoin: false'],
  ];
  const main = 'fixture/main.js';
  const preload = 'fixture/preload.cjs';
  const cases: [what: string, says: string, edit: Edit][] = [
    ...unsafe.map((text): [string, string, Edit] => [
      text,
      text.startsWith('preload') ? 'There is no preload' : (text.split(':')[0] ?? ''),
      [main, "'preload.cjs') }", `'preload.cjs'), ${text} }`],
    ]),
    ['a preload that needs Node', "cannot require 'node:fs'", [preload, /^/, "require('node:fs');"]],
    ['a preload that is an ECMAScript module', 'The preload could not be read', [preload, /^/, "import 'electron';"]],
    ['a preload that uses more than Electron gives it', 'no electron.app', [preload, /^/, "require('electron').app;"]],
    ['a channel that the main process misspelt', "listens on the channel 'ask'", [main, "on('ask'", "on('aks'"]],
    ['a channel that the preload misspelt', "listen on the channel 'port'", [preload, "on('port'", "on('prot'"]],
    ['a member that Electron lacks', 'no app.setPaht', [main, 'app.setPath(', 'app.setPaht(']],
    ['an event that Electron lacks', "no event 'will-qiut'", [main, "'will-quit'", "'will-qiut'"]],
    [
      'a static member that Electron lacks',
      'no BrowserWindow.getAll',
      [main, 'let window', 'BrowserWindow.getAll();\nlet window'],
    ],
    ['an option that Electron lacks', 'no option cancleId', [main, 'cancelId', 'cancleId']],
    [
      'a scheme that is registered too late',
      'must be called before the application is ready',
      [
        main,
        'defaultSession.protocol.handle',
        'protocol.registerSchemesAsPrivileged([]);\ndefaultSession.protocol.handle',
      ],
    ],
    ['a scheme that other origins can read', 'corsEnabled', [main, ', corsEnabled: true', '']],
    ['a scheme without an origin', 'standard and secure', [main, 'standard: true, ', '']],
    ['an address outside that is not https', 'Only https', [main, 'https://example', 'http://example']],
    [
      'a switch that takes protection away',
      'no-sandbox',
      [main, 'app.setPath', "app.commandLine.appendSwitch('no-sandbox');\napp.setPath"],
    ],
  ];

  it.each(cases)('%s', async (_what, says, edit) => {
    const rig = await open([edit]);
    if (says === 'Only https') {
      await rig.heard('loaded');
      await rig.page("window.postMessage({ do: 'outside' })");
    }
    if (says === 'no option cancleId') {
      await rig.heard('loaded');
      await rig.control.quit().catch(() => {});
    }
    await waitFor(() => rig.log().includes(says), `${says} in ${rig.log()}`);
  });
});
