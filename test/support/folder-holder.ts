/** Run as a process: holds a data folder and announces itself, says so, and stays until it is killed. */
import { writeSync } from 'node:fs';
import { DataFolder } from '../../main/store/data-folder.ts';

const [path = ''] = process.argv.slice(2);
const folder = new DataFolder(path);
folder.open();
folder.announce('http://127.0.0.1:4711');
writeSync(1, 'held\n');
// Waits for an end of input that never comes while the test runs, and ends with it.
process.stdin.on('end', () => folder.close()).resume();
