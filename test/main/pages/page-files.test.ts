import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PageFiles } from '../../../main/pages/page-files.ts';

let folder: string;
let pages: PageFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-pages-'));
  mkdirSync(join(folder, 'renderer/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'not for the page');
  writeFileSync(
    join(folder, 'renderer/index.html'),
    '<!doctype html><head><meta name="csp-nonce" content=""><meta name="sluice-host" content="headless" /></head><p>here</p>',
  );
  writeFileSync(join(folder, 'renderer/assets/app-1a2b.js'), 'start()');
  writeFileSync(join(folder, 'renderer/mark.svg'), '<svg/>');
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'renderer/link.txt'));
  pages = new PageFiles(join(folder, 'renderer'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the page comes with a strict policy, a new nonce each time, and is not kept by the browser', () => {
  const first = pages.answer('/', 'ws://sluice.localhost:7420');
  const second = pages.answer('/index.html');
  const nonce = /content="([^"]+)"/.exec(String(first?.body))?.[1] ?? '';
  expect(nonce).toHaveLength(24);
  expect(String(second?.body)).not.toContain(nonce);
  expect(first?.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'origin-agent-cluster': '?1',
    'cross-origin-opener-policy': 'same-origin',
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src 'self' data:; connect-src 'self' ws://sluice.localhost:7420; frame-src http://*.sluice.localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  });
});

test('hashed assets are kept for ever, other files are asked for again', () => {
  expect(pages.answer('/assets/app-1a2b.js')?.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect(pages.answer('/mark.svg')?.headers['cache-control']).toBe('no-cache');
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/..\\secret.txt',
  '//secret.txt',
  '/assets',
  '/link.txt',
  '/mark.svg\0.html',
  '/constructor',
  '/__proto__',
  '',
])('nothing but files of the build can be reached: %j', (path) => {
  expect(pages.answer(path)).toBeUndefined();
});

test('a folder that was never built has no pages', () => {
  const none = new PageFiles(join(folder, 'nowhere'));
  expect(none.isThere).toBe(false);
  expect(none.answer('/')).toBeUndefined();
  expect(pages.isThere).toBe(true);
});

test('the page is told which host serves it', () => {
  const hostIn = (files: PageFiles) =>
    /<meta name="sluice-host" content="(\w+)">/.exec(String(files.answer('/')?.body))?.[1];
  expect(hostIn(pages)).toBe('headless');
  expect(hostIn(new PageFiles(join(folder, 'renderer'), { host: 'desktop' }))).toBe('desktop');
});
