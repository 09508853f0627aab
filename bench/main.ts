/**
 * `npm run bench`: correctness first and last, then several interleaved rounds of each measure over each peer, medians
 * and ratios. Compare ratios of one run only; the figures themselves depend on the machine and its neighbours.
 */
import { cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';
import { device } from './groups/device.ts';
import type { Group } from './groups/group.ts';
import { idle } from './groups/idle.ts';
import { spread } from './groups/spread.ts';
import { tcp } from './groups/tcp.ts';
import { tls } from './groups/tls.ts';
import { udp } from './groups/udp.ts';
import { checked, type Row, take, warm } from './measure.ts';
import { table } from './table.ts';

const groups: Readonly<Record<string, Group>> = { tcp, idle, udp, tls, device };
/** Not among those that everybody runs. */
const more: Readonly<Record<string, Group>> = { spread };

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '0.35' },
    /** One of the groups alone. */
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const wanted = Object.entries({ ...groups, ...more }).filter(([name]) =>
  values.only === undefined ? Object.hasOwn(groups, name) : name === values.only,
);
if (wanted.length === 0) {
  console.error(`Use --only ${Object.keys({ ...groups, ...more }).join('|')}.`);
  process.exit(2);
}
const options = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
const note = (words: string): void => console.error(words);
const say = (text: string): void => {
  if (!values.json) console.log(text);
};

const [cpu] = cpus();
const began = performance.now();
say(`${cpus().length} cores (${cpu?.model}), ${process.platform} ${release()}, Node ${process.version}`);
say(`${values.rounds} rounds of ${values.seconds} s, medians; load of the machine before: ${loadavg()[0]?.toFixed(1)}`);
const found: { title: string; rows: Row[] }[] = [];
for (const [, group] of wanted) {
  for await (const { title, peers, measures, warmUp = [], isFresh = false } of group()) {
    const good = isFresh ? peers : await checked(peers, note);
    await warm(good, warmUp);
    const rows = await take(good, measures, isFresh ? { ...options, rounds: 1 } : options);
    await checked(good, note);
    found.push({ title, rows });
    say(`\n${table(title, rows)}`);
  }
}
say(`\n${Math.round((performance.now() - began) / 1000)} s`);
if (values.json)
  console.log(JSON.stringify({ cpus: cpus().length, node: process.version, ...options, found }, null, 2));
