import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SeenFile } from '../../../main/store/seen-file.ts';
import { temporaryFolder } from '../../support/store.ts';

let folder: string;
let troubles: string[];
beforeEach(() => {
  vi.useFakeTimers();
  folder = temporaryFolder();
  troubles = [];
});
afterEach(() => vi.useRealTimers());

const path = () => join(folder, 'seen.json');

function openSeen(): SeenFile {
  const seen = new SeenFile({ folder, onTrouble: (message) => troubles.push(message) });
  seen.open();
  return seen;
}

test('times outlive the process: written every 30 s and at the end', () => {
  const times = new Map([['alice/raspi', 1000]]);
  const seen = openSeen();
  expect(seen.get('alice/raspi')).toBeNull();
  seen.start(() => times);
  vi.advanceTimersByTime(29_999);
  expect(statSync(path(), { throwIfNoEntry: false })).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(openSeen().get('alice/raspi')).toBe(1000);
  times.set('alice/raspi', 2000);
  expect(openSeen().get('alice/raspi')).toBe(1000);
  seen.close();
  seen.close();
  expect(openSeen().get('alice/raspi')).toBe(2000);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing is written where nothing was seen or nothing changed', () => {
  const seen = openSeen();
  seen.start(() => new Map());
  vi.advanceTimersByTime(90_000);
  expect(statSync(path(), { throwIfNoEntry: false })).toBeUndefined();
  seen.close();
});

test.each(['', '{', '[1]', '{"a":"b"}'])('a file that holds %j is forgotten with a line in the log', (text) => {
  writeFileSync(path(), text);
  expect(openSeen().get('a')).toBeNull();
  expect(troubles).toEqual(['When devices were last seen could not be read and is forgotten.']);
});

test('a disk that refuses is told and harms nothing', () => {
  const seen = openSeen();
  mkdirSync(path());
  seen.start(() => new Map([['a/b', 1]]));
  seen.close();
  expect(troubles).toEqual(['When devices were last seen could not be saved.']);
  expect(() => readFileSync(path())).toThrow();
});
