/**
 * Run as a process: opens a data folder, saves one revision after the other and prints each once it is acknowledged,
 * until it is killed or has made the number of saves given.
 */
import { writeSync } from 'node:fs';
import { DataFolder } from '../../main/store/data-folder.ts';
import { Store } from '../../main/store/store.ts';
import { configOfRevision, revisionOf } from './sample-config.ts';

const [path = '', saves = Number.POSITIVE_INFINITY] = process.argv.slice(2);
const folder = new DataFolder(path);
folder.open();
const store = new Store(path);
store.open();
const first = revisionOf(store.config) + 1;
for (let revision = first; revision < first + Number(saves); revision++) {
  store.save(configOfRevision(revision, 8));
  writeSync(1, `${revision}\n`);
}
folder.close();
