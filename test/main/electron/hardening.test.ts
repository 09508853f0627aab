/** Electron's security checklist, item by item in its order, on the build as it runs on the rig and as it was written. */
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Chromium, startChromium } from '../../rig/chromium.ts';
import type { Edit } from '../../rig/variant.ts';
import { profileOf } from '../../support/agent.ts';
import { type DesktopApp, startDesktop } from '../../support/desktop-app.ts';
import { restOf } from '../../support/rest.ts';
import { waitFor } from '../../support/wait.ts';

const bundle = readFileSync('dist/electron/main.js', 'utf8');
const preload = readFileSync('dist/electron/preload.cjs', 'utf8');
const main = 'dist/electron/main.js';

let chromium: Chromium;
let app: DesktopApp;

beforeAll(async () => {
  chromium = await startChromium();
});
afterAll(() => chromium.close());

async function start(
  options: Parameters<typeof startDesktop>[0] = {},
  edits: readonly Edit[] = [],
): Promise<DesktopApp> {
  const started = startDesktop({ ...options, chromium: chromium.endpoint }, edits);
  await started.line;
  return started;
}

const preference = async (name: string) => (await app.control.webPreferences())[name];

describe("Electron's security checklist", () => {
  beforeAll(async () => {
    app = await start();
    await app.shows('No pipes yet.');
    await app.control.complaints();
  });
  afterAll(() => app.stop());

  it('1: loads secure content only', async () => {
    expect((await app.control.windows())[0]?.url).toMatch(/^sluice:\/\/app\//);
    expect(await app.page('isSecureContext')).toBe(true);
    expect(await app.page("fetch('http://127.0.0.1:1/').catch(() => 'refused')")).toBe('refused');
    const page = readFileSync('dist/renderer/index.html', 'utf8');
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it('2: gives pages no Node', async () => {
    expect(await preference('nodeIntegration')).toBe(false);
    expect(await preference('nodeIntegrationInWorker')).toBe(false);
    expect(await preference('nodeIntegrationInSubFrames')).toBe(false);
    expect(await app.page('[typeof require, typeof process, typeof module, typeof Buffer].join()')).toBe(
      'undefined,undefined,undefined,undefined',
    );
  });

  it('3: isolates the world of the preload', async () => {
    expect(await preference('contextIsolation')).toBe(true);
  });

  it('4: keeps pages in the sandbox', async () => {
    expect(await preference('sandbox')).toBe(true);
    expect(bundle).toContain('app.enableSandbox()');
    expect(preload.match(/require\("[^"]+"\)/g)).toEqual(['require("electron")']);
  });

  it('5: denies what pages ask for, but for the copy buttons', async () => {
    expect(await app.control.unguarded()).toEqual([]);
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'idle-detection'];
    const state = (name: string) => `navigator.permissions.query({ name: '${name}' }).then(({ state }) => state)`;
    for (const name of names) expect(await app.page(state(name)), name).toBe('denied');
    expect(await app.page(state('clipboard-write'))).toBe('granted');
    expect(await app.page('navigator.mediaDevices.getUserMedia({ audio: true }).catch(({ name }) => name)')).toMatch(
      /NotAllowed|NotFound/,
    );
  });

  it('6: leaves web security on', async () => {
    expect(await preference('webSecurity')).toBe(true);
  });

  it('7: serves a strict content security policy, and Chromium holds the page to it', async () => {
    const policy = await app.page<string>("fetch('./').then(({ headers }) => headers.get('content-security-policy'))");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toMatch(/connect-src 'self'(;|$)/);
    expect(policy).toContain("frame-src 'none'");
    // The driver's own evaluation is above the policy; what it leaves behind is not.
    await app.page("setTimeout(() => { try { eval('document.title = 1') } catch { document.title = 'refused' } })");
    await waitFor(() => app.page<boolean>("document.title === 'refused'"), 'eval to be refused');
    await app.page("document.head.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))");
    expect(await app.page('typeof ran')).toBe('undefined');
    expect((await app.control.complaints()).join('\n')).toContain('Content Security Policy');
  });

  it('8: allows no insecure content', async () => {
    expect(await preference('allowRunningInsecureContent')).toBe(false);
  });

  it('9: switches no experimental feature on', async () => {
    expect(await preference('experimentalFeatures')).toBe(false);
  });

  it('10: switches no feature of Blink on, and sets no switch of Chromium', async () => {
    expect(await preference('enableBlinkFeatures')).toBeUndefined();
    expect(bundle).not.toMatch(/appendSwitch|enableBlinkFeatures/);
  });

  it('11: has no webview that could open windows', async () => {
    expect(await preference('webviewTag')).toBe(false);
    expect(bundle).not.toContain('allowpopups');
  });

  it('12: prevents webviews before they are made', () => {
    expect(bundle).toContain('contents.on("will-attach-webview", (event) => event.preventDefault())');
  });

  it('13: keeps its page where it is', async () => {
    for (const address of ['https://example.com/', 'http://127.0.0.1:1/', 'https://app.sluice.invalid.example.com/']) {
      await app.page(`void (location.href = '${address}')`);
    }
    await app.shows('No pipes yet.');
    expect((await app.control.windows())[0]?.url).toMatch(/^sluice:\/\/app\//);
  });

  it('14: opens no window that a page wants', async () => {
    await app.page("void window.open('about:blank'); void window.open('https://example.com/manual')");
    await waitFor(async () => (await app.control.opened()).length > 0, 'the link outside');
    expect(await app.control.windows()).toHaveLength(1);
  });

  it('15: hands only https to other programs', async () => {
    const before = (await app.control.opened()).length;
    for (const address of ['http://example.com/', 'mailto:a@example.com', 'smb://example/share', 'ms-word:x']) {
      await app.page(`void window.open('${address}')`);
    }
    await app.page("void window.open('https://example.com/last')");
    await waitFor(async () => (await app.control.opened()).includes('https://example.com/last'), 'the last link');
    expect((await app.control.opened()).slice(before)).toEqual(['https://example.com/last']);
  });

  it('16: is built on a current Electron, and on libraries without known holes', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(devDependencies.electron).toSatisfy((version: string) => isAtLeast(version, '45.4.1'));
    expect(dependencies['node-forge']).toSatisfy((version: string) => isAtLeast(version, '1.4.3'));
    expect(dependencies.ws).toSatisfy((version: string) => isAtLeast(version, '8.21.0'));
  });

  it('17: listens to pages on one channel, and there only to its own page', async () => {
    expect(await app.control.channels()).toEqual(['sluice.port.requested']);
    const other = await start({}, [
      [main, /return `\$\{origin\}\/#.*?`/, 'return "sluice://other/"'],
      [main, 'host === HOST && ', ''],
      [main, 'isPage(url) || /^(devtools', 'true || /^(devtools'],
    ]);
    try {
      await waitFor(async () => (await other.control.windows())[0]?.url === 'sluice://other/', 'the other page');
      await other.page(`window.answers = 0; window.addEventListener('message', ({ data }) => {
        if (data.type === 'sluice.port.answer') window.answers++;
      }); window.postMessage({ type: 'sluice.port.request' })`);
      await waitFor(() => other.log().includes('A frame that is not the page'), 'the refusal');
      expect(await other.page('answers')).toBe(0);
    } finally {
      await other.stop();
    }
  });

  it('18: serves its page by a scheme of its own, not by file:', async () => {
    expect(await app.control.schemes()).toEqual({
      sluice: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true },
    });
    expect(bundle).not.toContain('loadFile(');
    expect(await app.page("fetch('./../../../package.json').then(({ status }) => status)")).toBe(404);
    expect(await app.page("fetch('./%2e%2e/%2e%2e/package.json').then(({ status }) => status)")).toBe(404);
  });

  it('19: says of every fuse how it is set', () => {
    const configuration = readFileSync('electron-builder.yml', 'utf8');
    const fuses = [
      'runAsNode',
      'enableCookieEncryption',
      'enableNodeOptionsEnvironmentVariable',
      'onlyLoadAppFromAsar',
    ];
    for (const fuse of fuses) expect(configuration).toMatch(new RegExp(`${fuse}: (true|false)`));
  });

  it('20: shows the page nothing of Electron: one port, and only when it asks', async () => {
    expect(preload).not.toMatch(/contextBridge|exposeInMainWorld|invoke|sendSync/);
    expect(preload.match(/electron\.\w+\.\w+/g)).toEqual(['electron.ipcRenderer.send', 'electron.ipcRenderer.on']);
    const shown = await app.page<string>(`new Promise((resolve) => {
      window.addEventListener('message', ({ data, ports }) => {
        if (data.type === 'sluice.port.answer') resolve(JSON.stringify([Object.keys(data), ports.length]));
      });
      window.postMessage({ type: 'sluice.port.request' });
    })`);
    expect(JSON.parse(shown)).toEqual([['type', 'outcome'], 1]);
    expect(await app.page('[typeof electron, typeof ipcRenderer, typeof sluice].join()')).toBe(
      'undefined,undefined,undefined',
    );
  });

  it('does all that without a fault on the rig', async () => {
    expect(await app.control.faults()).toEqual([]);
  });
});

describe('beyond the checklist', () => {
  let other: DesktopApp;
  afterEach(() => other.stop());

  it('refuses requests to other places even for a page without a policy', async () => {
    let asked = 0;
    const server = http.createServer((_request, answer) => {
      asked++;
      answer.setHeader('access-control-allow-origin', '*').end('here');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    other = await start({}, [
      [main, /"content-security-policy": contentSecurityPolicy\(nonce, connect.*\)/, '"x-none": ""'],
    ]);
    await other.shows('No pipes yet.');
    const fetched = `fetch('http://127.0.0.1:${port}/').then((answer) => answer.text(), () => 'refused')`;
    expect(await other.page(fetched)).toBe('refused');
    expect(asked).toBe(0);
    server.close();
  });

  it('keeps the key of stored credentials in the key store of the system', async () => {
    other = await start();
    const { url, tokenFile } = JSON.parse(await other.line) as { url: string; tokenFile: string };
    const call = restOf(url, readFileSync(tokenFile, 'utf8').trim());
    const { status } = await call('PUT', '/v1/settings', { agents: [{ ...profileOf(1), credentials: 'a secret' }] });
    expect(status).toBe(200);
    expect(existsSync(join(other.folder, 'secret.sealed'))).toBe(true);
    expect(existsSync(join(other.folder, 'secret.key'))).toBe(false);
  });

  it('says so where the system has no key store, or one that hides nothing', async () => {
    other = await start({ keyStore: 'basic_text' });
    await other.shows('no key store');
    expect(existsSync(join(other.folder, 'secret.sealed'))).toBe(false);
  });

  it('has no developer tools once it is packaged', async () => {
    other = await start({ isPackaged: true });
    expect((await other.control.webPreferences()).devTools).toBe(false);
    expect(JSON.stringify(await other.control.menu())).not.toContain('toggleDevTools');
    expect(await other.control.faults()).toEqual([]);
  });

  it('listens on this PC only, whatever address it is given', async () => {
    other = await start({ args: ['--control', '0.0.0.0:0'] });
    expect(new URL((JSON.parse(await other.line) as { url: string }).url).hostname).toBe('127.0.0.1');
  });
});

/** Of versions that are pinned, such as 45.4.1. */
function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split('.').map(Number));
  const at = have?.findIndex((part, index) => part !== want?.[index]) ?? 0;
  return at === -1 || Number(have?.[at]) > Number(want?.[at]);
}
