/**
 * Run as a process on a folder that takes few bytes: saves more and more profiles until the disk refuses, then a few.
 * Prints what it saw as JSON.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Store } from '../../main/store/store.ts';
import { asSluiceError, type ErrorCode } from '../../shared/errors.ts';
import { configOfRevision, revisionOf } from './sample-config.ts';

/** What the test asserts on. */
export interface SmallDiskReport {
  readonly saved: number;
  readonly refusals: readonly { code: ErrorCode; message: string; fileKept: boolean; memoryKept: boolean }[];
  readonly savedAfterwards: number;
  readonly reopened: number;
  readonly notices: number;
  readonly temporaryFiles: number;
}

const [folder = ''] = process.argv.slice(2);
const path = join(folder, 'config.json');
const store = new Store(folder);
store.open();

const refusals: SmallDiskReport['refusals'][number][] = [];
let saved = 0;
for (let bulk = 1; refusals.length < 20; bulk++) {
  const file = saved > 0 ? readFileSync(path, 'utf8') : undefined;
  const memory = store.config;
  try {
    store.save(configOfRevision(saved + 1, bulk));
    saved++;
  } catch (error) {
    const { code, message } = asSluiceError(error);
    const fileKept = readFileSync(path, 'utf8') === file;
    refusals.push({ code, message, fileKept, memoryKept: store.config === memory });
  }
}

store.save(configOfRevision(1000));
const savedAfterwards = revisionOf(store.config);
const temporaryFiles = readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('.tmp-')).length;
store.close();
const again = new Store(folder);
again.open();
const report: SmallDiskReport = {
  saved,
  refusals,
  savedAfterwards,
  reopened: revisionOf(again.config),
  notices: again.notices.length,
  temporaryFiles,
};
console.log(JSON.stringify(report));
