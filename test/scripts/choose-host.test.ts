import { describe, expect, it } from 'vitest';
import {
  chooseHost,
  couldNotRun,
  electronBinary,
  electronCache,
  electronPlace,
  headlessArgs,
  reasonLine,
  wantsBrowser,
} from '../../scripts/choose-host.mjs';

const person = { args: [], platform: 'linux', env: { DISPLAY: ':0' }, uid: 1000 };

describe('the host that npm start runs', () => {
  it.each([
    ['a display of X11', person],
    ['a display of Wayland', { ...person, env: { WAYLAND_DISPLAY: 'wayland-0' } }],
    ['root that gave up the sandbox', { ...person, uid: 0, args: ['--no-sandbox'] }],
    ['Windows', { args: [], platform: 'win32', env: {} }],
    ['macOS', { ...person, platform: 'darwin', env: {} }],
    ['an administrator on macOS', { ...person, platform: 'darwin', uid: 0 }],
  ])('is the desktop application with %s', (_, facts) => {
    expect(chooseHost(facts)).toEqual({ host: 'desktop' });
  });

  it.each([
    ['without a display', { ...person, env: {} }, 'display'],
    ['with an empty one', { ...person, env: { DISPLAY: '' } }, 'display'],
    ['for root', { ...person, uid: 0 }, '--no-sandbox'],
    ['for root without a display', { ...person, uid: 0, env: {} }, 'display'],
  ])('is headless %s, and says why in one line', (_, facts, word) => {
    const { host, why = '' } = chooseHost(facts);
    expect(host).toBe('headless');
    expect(why).toContain(word);
    expect(reasonLine(why)).not.toContain('\n');
  });

  it('is headless without a word where that was asked for', () => {
    expect(chooseHost({ ...person, args: ['--headless'] })).toEqual({ host: 'headless' });
  });

  it('gets the arguments that it understands', () => {
    const args = ['--headless', '--data', '/tmp/a', '--hidden', '--no-sandbox', '--json', '--control', '127.0.0.1:0'];
    expect(headlessArgs(args)).toEqual(['--data', '/tmp/a', '--json', '--control', '127.0.0.1:0']);
  });

  it('opens a browser unless it was asked to stay out of sight', () => {
    expect(wantsBrowser(['--data', 'x'])).toBe(true);
    expect(wantsBrowser(['--headless'])).toBe(false);
    expect(wantsBrowser(['--hidden'])).toBe(false);
  });

  it.each([
    [127, null, true],
    [133, null, true],
    [null, 'SIGTRAP', true],
    [0, null, false],
    [3, null, false],
    [null, 'SIGTERM', false],
  ] as const)('takes the end of Electron with %s, %s for its inability: %s', (code, signal, inability) => {
    expect(couldNotRun(code, signal)).toBe(inability);
  });
});

describe('Electron', () => {
  it.each([
    ['linux', {}, '/p/dist/electron'],
    ['darwin', {}, '/p/dist/Electron.app/Contents/MacOS/Electron'],
    ['win32', {}, '/p/dist/electron.exe'],
    ['linux', { ELECTRON_OVERRIDE_DIST_PATH: '/usb' }, '/usb/electron'],
  ])('lies on %s with %j at %s', (platform, env, path) => {
    expect(electronBinary('/p', platform, env)).toBe(path);
  });

  it('comes from the mirror that its installer would use', () => {
    expect(electronPlace({})).toMatch(/^https:/);
    expect(electronPlace({ ELECTRON_MIRROR: 'http://a/' })).toBe('http://a/');
    expect(electronPlace({ ELECTRON_MIRROR: 'http://a/', npm_config_electron_mirror: 'http://b/' })).toBe('http://b/');
  });

  it.each([
    ['linux', {}, '/home/a/.cache/electron'],
    ['linux', { XDG_CACHE_HOME: '/c' }, '/c/electron'],
    ['darwin', {}, '/home/a/Library/Caches/electron'],
    ['win32', { LOCALAPPDATA: '/l' }, '/l/electron/Cache'],
    ['linux', { electron_config_cache: '/e' }, '/e'],
  ])('is kept on %s with %j in %s', (platform, env, path) => {
    expect(electronCache(platform, env, '/home/a')).toBe(path);
  });
});
