import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readControl, readToken } from '../../../main/store/control-file.ts';
import { DataFolder, dataFolderPath } from '../../../main/store/data-folder.ts';
import { contentsOf, faultOf, temporaryFolder } from '../../support/store.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

function openFolder(path: string): DataFolder {
  const folder = new DataFolder(path);
  folder.open();
  onTestFinished(() => folder.close());
  return folder;
}

describe('the path of the data folder', () => {
  const linux = { platform: 'linux', env: {}, home: '/home/ann' } as const;

  test.each([
    ['what was asked for', '/srv/a', { ...linux, env: { SLUICE_DATA: '/srv/b' } }, '/srv/a'],
    ['the environment', undefined, { ...linux, env: { SLUICE_DATA: '/srv/b' } }, '/srv/b'],
    ['XDG on Linux', undefined, { ...linux, env: { XDG_CONFIG_HOME: '/cfg', SLUICE_DATA: '' } }, '/cfg/sluice'],
    ['no relative XDG', undefined, { ...linux, env: { XDG_CONFIG_HOME: 'cfg' } }, '/home/ann/.config/sluice'],
    ['.config on Linux', undefined, linux, '/home/ann/.config/sluice'],
    [
      'Application Support on macOS',
      undefined,
      { platform: 'darwin', env: {}, home: '/Users/ann' } as const,
      '/Users/ann/Library/Application Support/Sluice',
    ],
    [
      'APPDATA on Windows',
      undefined,
      { platform: 'win32', env: { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming' }, home: 'C:\\Users\\ann' } as const,
      'C:\\Users\\ann\\AppData\\Roaming\\Sluice',
    ],
    [
      'Roaming where Windows has no APPDATA',
      undefined,
      { platform: 'win32', env: {}, home: 'C:\\Users\\ann' } as const,
      'C:\\Users\\ann\\AppData\\Roaming\\Sluice',
    ],
  ])('follows %s', (_name, asked, surroundings, expected) => {
    expect(dataFolderPath(asked, surroundings)).toBe(expected);
  });

  test('is made absolute', () => {
    expect(dataFolderPath('data', linux)).toBe(resolve('data'));
  });
});

describe('an open data folder', () => {
  test('is made with its parents, private, with a token of 32 random bytes and no journal', () => {
    const path = join(temporaryFolder(), 'a', 'b');
    const folder = openFolder(path);
    expect(readdirSync(path).sort()).toEqual(['control-token', 'lock']);
    expect([path, folder.tokenFile, join(path, 'lock')].map(modeOf)).toEqual(['700', '600', '600']);
    expect(Buffer.from(folder.token, 'base64url')).toHaveLength(32);
    expect(readFileSync(folder.tokenFile, 'utf8')).toBe(folder.token);
    expect(readToken(path)).toBe(folder.token);
  });

  test('keeps its token over restarts, and tightens what was loosened', () => {
    const path = temporaryFolder();
    const first = openFolder(path);
    const { token } = first;
    first.close();
    chmodSync(path, 0o755);
    chmodSync(first.tokenFile, 0o644);
    expect(openFolder(path).token).toBe(token);
    expect([path, first.tokenFile].map(modeOf)).toEqual(['700', '600']);
  });

  test('gets a new token where the old one is not whole', () => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'control-token'), 'short');
    expect(readToken(path)).toBeUndefined();
    expect(openFolder(path).token).toHaveLength(43);
  });

  test('leaves the mode of a folder that held other things alone', () => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'letter.txt'), 'Dear Ann');
    chmodSync(path, 0o755);
    openFolder(path);
    expect(modeOf(path)).toBe('755');
  });

  test('tells where the gateway is while it runs, and not afterwards', () => {
    const path = temporaryFolder();
    const folder = openFolder(path);
    expect(readControl(path)).toBeUndefined();
    folder.announce('http://127.0.0.1:4711');
    expect(readControl(path)).toEqual({ url: 'http://127.0.0.1:4711', pid: process.pid });
    expect(modeOf(join(path, 'control.json'))).toBe('600');
    folder.close();
    folder.close();
    expect(readControl(path)).toBeUndefined();
    expect(readdirSync(path).sort()).toEqual(['control-token', 'lock']);
  });

  test.each([
    '',
    '{',
    '[]',
    '{"url":"x"}',
    '{"url":"nonsense","pid":1}',
    '{"url":"http://192.168.1.9:7420","pid":1}',
    '{"url":"http://127.0.0.1.example.com:7420","pid":1}',
    '{"url":"file:///etc/passwd","pid":1}',
  ])('reads a control.json that is broken or leads to elsewhere %j as none', (text) => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'control.json'), text);
    expect(readControl(path)).toBeUndefined();
  });

  test('reads a control.json that names IPv6', () => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'control.json'), '{"url":"http://[::1]:7420","pid":1}');
    expect(readControl(path)?.url).toBe('http://[::1]:7420');
  });

  test('cannot be where a file is, and says so', () => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, '');
    const fault = faultOf(() => new DataFolder(path).open());
    expect([fault.code, fault.details]).toEqual([
      'DATA_FOLDER_UNUSABLE',
      { folder: path, reason: 'there is a file where a folder must be' },
    ]);
  });

  test('cannot be used with a lock that is none', () => {
    const path = temporaryFolder();
    mkdirSync(join(path, 'lock'));
    expect(faultOf(() => new DataFolder(path).open()).code).toBe('DATA_FOLDER_UNUSABLE');
  });
});

describe('a second one on the same data folder', () => {
  test('is refused in the same process, without freeing the lock of the first', () => {
    const path = temporaryFolder();
    const first = openFolder(path);
    first.announce('http://127.0.0.1:4711');
    const before = contentsOf(path);
    for (let round = 0; round < 3; round++) {
      const fault = faultOf(() => new DataFolder(path).open());
      expect([fault.code, fault.details]).toEqual(['DATA_FOLDER_IN_USE', { folder: path, pid: process.pid }]);
    }
    expect(contentsOf(path)).toEqual(before);
    first.close();
    openFolder(path);
  });

  test('is refused from another process and writes nothing; a killed holder frees the folder at once', async () => {
    const path = temporaryFolder();
    const holder = spawn(process.execPath, ['test/support/folder-holder.ts', path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    const before = contentsOf(path);
    const fault = faultOf(() => new DataFolder(path).open());
    expect([fault.code, fault.details]).toEqual(['DATA_FOLDER_IN_USE', { folder: path, pid: holder.pid }]);
    expect(fault.message).toBe(`The data folder ${path} is in use by another Sluice (process ${holder.pid}).`);
    expect(contentsOf(path)).toEqual(before);

    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(readControl(path)?.pid).toBe(holder.pid);
    openFolder(path);
    expect(readControl(path)).toBeUndefined();
  });
});
