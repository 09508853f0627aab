import { spawnSync } from 'node:child_process';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { expect, test } from 'vitest';
import { Store } from '../../../main/store/store.ts';
import { revisionOf } from '../../support/sample-config.ts';
import { contentsOf, faultOf, saveRevisions, temporaryFolder } from '../../support/store.ts';
import type { SmallDiskReport } from '../../support/store-on-small-disk.ts';

/** Runs the script on an empty folder after a shell has set the limit: `$1` is the folder, the rest the command. */
function runLimited(shell: string[], limit: string): SmallDiskReport {
  const folder = temporaryFolder();
  const [program = 'sh', ...options] = shell;
  const command = [folder, process.execPath, 'test/support/store-on-small-disk.ts', folder];
  const ran = spawnSync(program, [...options, '-c', `${limit}; shift; exec "$@"`, 'sh', ...command], {
    encoding: 'utf8',
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout);
}

function expectNothingLost(report: SmallDiskReport, reason: string): void {
  expect(report.saved).toBeGreaterThan(3);
  expect(report.refusals[0]?.message).toContain(reason);
  for (const refusal of report.refusals) {
    expect(refusal).toMatchObject({ code: 'CONFIG_NOT_SAVED', fileKept: true, memoryKept: true });
  }
  expect(report).toMatchObject({ savedAfterwards: 1000, reopened: 1000, notices: 0, temporaryFiles: 0 });
}

test('a limit of the file size refuses a save, keeps the old state, and a smaller one is saved', () => {
  expectNothingLost(runLimited(['sh'], 'ulimit -f 16'), 'the file would be larger than this system allows');
});

const ownMounts = ['unshare', '--mount', '--map-root-user', 'sh'];
const mount = (kibibytes: number) => `mount -t tmpfs -o size=${kibibytes}k none "$1"`;

test('a full disk refuses a save, keeps the old state, and works again when there is space', (context) => {
  const allowed = spawnSync('unshare', [...ownMounts.slice(1), '-c', mount(64), 'sh', temporaryFolder()]).status === 0;
  context.skip(!allowed, 'this system does not let a test mount a disk of its own');
  // Page by page, so that it is the generation that does not fit, or config.json, or its last page only.
  for (const size of [96, 100, 104, 108, 112, 116, 120, 124]) {
    expectNothingLost(runLimited(ownMounts, mount(size)), '');
  }
});

test('a write that the disk cut short in silence is taken back', () => {
  let isFull = false;
  class CutShort<T extends Record<string, unknown>> extends Conf<T> {
    override get store(): T {
      return super.store;
    }
    override set store(value: T) {
      super.store = value;
      if (isFull) truncateSync(this.path, 100);
    }
  }
  const folder = temporaryFolder();
  const store = new Store(folder, { ConfClass: CutShort as typeof Conf });
  store.open();
  isFull = true;
  expect(faultOf(() => saveRevisions(store, 1)).code).toBe('CONFIG_NOT_SAVED');
  expect(contentsOf(folder)).toEqual({});

  isFull = false;
  saveRevisions(store, 1);
  const before = contentsOf(folder);
  isFull = true;
  expect(faultOf(() => saveRevisions(store, 2)).message).toContain('the disk did not keep all of it');
  expect(contentsOf(folder)).toEqual(before);
  expect(revisionOf(store.config)).toBe(1);

  isFull = false;
  saveRevisions(store, 3);
  expect(revisionOf(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')))).toBe(3);
});
