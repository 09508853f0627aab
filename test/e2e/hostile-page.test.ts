/** A hostile page in the same browser as an open, unlocked page of Sluice: it changes nothing and reads nothing. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { type Program, startProgram } from '../support/program.ts';
import { unusedPort } from '../support/sockets.ts';
import { driver } from './drivers/driver.ts';

const server = createServer((_, response) =>
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>Free coffee</title><body></body>'),
);
let program: Program;
let browser: Browser;
let evil: Page;
let config: object;

/** What a script can try against the control port, each with what came of it. */
const attempts = {
  'a plain request': (at: string) => `fetch('${at}/v1/status').then((reply) => reply.text())`,
  'a request that wants cookies': (at: string) =>
    `fetch('${at}/v1/status', { credentials: 'include' }).then((reply) => reply.text())`,
  'a request with a token, which asks before': (at: string) =>
    `fetch('${at}/v1/status', { headers: { authorization: 'Bearer x' } }).then((reply) => reply.text())`,
  'a change as plain text, which does not ask before': (at: string) =>
    `fetch('${at}/v1/proxies', { method: 'POST', mode: 'no-cors', body: '${JSON.stringify({ proxy: 'evil' })}' })
      .then((reply) => reply.text()).then((text) => { if (text === '') throw new Error('opaque'); return text; })`,
  'a login': (at: string) =>
    `fetch('${at}/oauth/token', { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ grant_type: 'password' }) })
      .then((reply) => reply.text()).then((text) => { if (text === '') throw new Error('opaque'); return text; })`,
  'a beacon': (at: string) =>
    `fetch('${at}/healthz').then((reply) => reply.text()).finally(() => navigator.sendBeacon('${at}/v1/proxies', '{}'))`,
  'a WebSocket': (at: string) => `new Promise((resolve, reject) => {
      const socket = new WebSocket('${at.replace('http', 'ws')}/rpc');
      socket.onopen = () => resolve('open');
      socket.onerror = () => reject(new Error('refused'));
    })`,
  'a stream of events': (at: string) => `new Promise((resolve, reject) => {
      const source = new EventSource('${at}/v1/events');
      source.onopen = () => resolve('open');
      source.onerror = () => { source.close(); reject(new Error('refused')); };
    })`,
  'a picture': (at: string) => `new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve('loaded');
      image.onerror = () => reject(new Error('refused'));
      image.src = '${at}/v1/status';
    })`,
  'a script': (at: string) => `new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.onload = () => resolve('loaded');
      script.onerror = () => reject(new Error('refused'));
      script.src = '${at}/openapi.json';
      document.body.append(script);
    })`,
} as const;

describe.skipIf(driver.name !== 'headless')('a hostile page in the same browser', () => {
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    program = await startProgram();
    const target = { type: 'address', address: '127.0.0.1', port: 9 };
    const source = { port: await unusedPort() };
    await program.call('POST', '/v1/proxies', {
      proxy: 'plc',
      name: 'PLC',
      config: { protocol: 'tcp', source, target },
    });
    browser = await launchBrowser();
    const { page, context } = await openPage(browser, program.page);
    await page.getByText('PLC', { exact: true }).waitFor();
    evil = await context.newPage();
    await evil.goto(`http://evil.localhost:${(server.address() as AddressInfo).port}/`);
    config = await everything();
  });
  afterAll(async () => {
    await browser?.close();
    server.close();
    expect(await program?.stop()).toBe(0);
  });

  const everything = async () => ({
    proxies: (await program.call('GET', '/v1/proxies/plc')).body,
    list: (await program.call('GET', '/v1/proxies')).body.length,
    settings: (await program.call('GET', '/v1/settings')).body,
    users: (await program.call('GET', '/v1/access/users')).body,
  });
  const at = (name: string) => `http://${name}:${program.port}`;

  it('can do all of this to a server that lets it', async () => {
    const own = evil.url().replace(/\/$/, '');
    expect(await evil.evaluate(attempts['a plain request'](own))).toContain('Free coffee');
    expect(await evil.evaluate(attempts['a script'](own))).toBe('loaded');
  });

  describe.each(['127.0.0.1', 'sluice.localhost', 'rebound.localhost'])('against %s', (name) => {
    it.each(Object.keys(attempts) as (keyof typeof attempts)[])('gets nothing by %s', async (attempt) => {
      const came = await evil.evaluate(attempts[attempt](at(name))).then(
        (text) => `read: ${text}`,
        () => 'nothing',
      );
      expect(came).toBe('nothing');
      expect(await everything()).toEqual(config);
    });

    it('changes nothing by a form', async () => {
      const action = `${at(name)}/v1/proxies`;
      const sent = evil.waitForRequest((request) => request.method() === 'POST' && request.url() === action);
      await evil.evaluate((to) => {
        const target = `sink-${window.frames.length}`;
        const frame = Object.assign(document.createElement('iframe'), { name: target });
        const form = Object.assign(document.createElement('form'), { action: to, method: 'post', target });
        form.enctype = 'text/plain';
        form.append(Object.assign(document.createElement('input'), { name: '{"proxy":"evil","x":"', value: '"}' }));
        document.body.append(frame, form);
        form.submit();
      }, action);
      expect((await (await sent).response())?.status()).toBe(403);
      expect(await everything()).toEqual(config);
    });

    it('cannot put the page in a frame', async () => {
      const framed = await evil.evaluate(
        (src) =>
          new Promise<string>((resolve) => {
            const frame = Object.assign(document.createElement('iframe'), { src });
            frame.onload = () => {
              try {
                resolve(frame.contentDocument?.title ?? 'closed');
              } catch {
                resolve('closed');
              }
            };
            document.body.append(frame);
          }),
        at(name),
      );
      expect(framed).toBe('closed');
      const titles = await Promise.all(evil.frames().map((frame) => frame.title().catch(() => '')));
      expect(titles).not.toContain('Sluice');
    });
  });

  it('is not served under a name that points here', async () => {
    const rebound = await evil.context().newPage();
    const reply = await rebound.goto(`${at('rebound.localhost')}/`);
    expect(reply?.status()).toBe(403);
    expect(await rebound.content()).not.toContain('Sluice</title>');
    await rebound.close();
  });

  it('cannot reach into the page that it opens', async () => {
    const opened = evil.context().waitForEvent('page');
    await evil.evaluate((url) => {
      Object.assign(window, { prey: window.open(url) });
    }, at('sluice.localhost'));
    await (await opened).waitForLoadState();
    const read = await evil.evaluate(() => {
      const { prey } = window as unknown as { prey: Window };
      try {
        return prey.sessionStorage.length + prey.document.title;
      } catch {
        return 'closed';
      }
    });
    expect(read).toBe('closed');
    expect(await everything()).toEqual(config);
  });
});
