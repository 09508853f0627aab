/**
 * `npm run soak`: the promises of docs/robustness.md that need minutes, on the finished program, a fresh one for each.
 * Ends with 1 where a figure does not hold.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startProgram } from '../support/program.ts';
import { closeAll } from '../support/sockets.ts';
import { type Figure, holds, type Scenario } from './scenario.ts';
import { busyPort } from './scenarios/busy-port.ts';
import { captured } from './scenarios/captured.ts';
import { clients } from './scenarios/clients.ts';
import { descriptors } from './scenarios/descriptors.ts';
import { drips } from './scenarios/drips.ts';
import { edits } from './scenarios/edits.ts';
import { flapping } from './scenarios/flapping.ts';
import { frozen } from './scenarios/frozen.ts';
import { killed } from './scenarios/killed.ts';
import { manyPipes } from './scenarios/many-pipes.ts';
import { mixed } from './scenarios/mixed.ts';
import { stalled } from './scenarios/stalled.ts';
import { storm } from './scenarios/storm.ts';
import { strangers } from './scenarios/strangers.ts';
import { watched } from './scenarios/watched.ts';

/** As the service starts it. */
const SHIPPED = ['--max-semi-space-size=8'];

const scenarios: Readonly<Record<string, Scenario>> = {
  stalled,
  drips,
  'many-pipes': manyPipes,
  storm,
  descriptors,
  'busy-port': busyPort,
  flapping,
  edits,
  strangers,
  clients,
  captured,
  watched,
  killed,
  frozen,
  mixed,
};

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const { values } = parseArgs({ options: { only: { type: 'string' }, minutes: { type: 'string', default: '10' } } });
const wanted = Object.entries(scenarios).filter(([name]) => values.only === undefined || name === values.only);
const minutes = Number(values.minutes);
if (wanted.length === 0 || !(minutes > 0)) {
  say(`Use --only ${Object.keys(scenarios).join('|')}, and --minutes with a number (10 unless told otherwise).`);
  process.exit(2);
}

async function run({ promise, words, descriptors: most, flags = [], run: measure }: Scenario): Promise<boolean> {
  const began = performance.now();
  const program = await startProgram(undefined, {}, { descriptors: most, flags: [...SHIPPED, ...flags] });
  const note = (text: string): boolean => say(`  … ${text}`);
  say(`${promise}: ${words}`);
  let figures: Figure[] = [];
  try {
    figures = await measure({ program, pid: program.process.pid ?? 0, minutes, note });
  } finally {
    closeAll();
    const code = await program.stop();
    figures.push({ words: 'exit code after a gentle end', found: code ?? -1, limit: 0, unit: String });
  }
  for (const figure of figures) {
    const { words: what, found, limit, unit, isLeast } = figure;
    say(`  ${holds(figure) ? 'holds' : 'FAILS'}  ${what}: ${unit(found)} (${isLeast ? '≥' : '≤'} ${unit(limit)})`);
  }
  say(`  ${Math.round((performance.now() - began) / 1000)} s`);
  return figures.every(holds);
}

say(`Load of the machine before: ${loadavg()[0]?.toFixed(1)}`);
const failed: string[] = [];
for (const [name, scenario] of wanted) {
  const isGood = await run(scenario).catch((error) => {
    say(`  FAILED: ${error instanceof Error ? error.stack : error}`);
    return false;
  });
  if (!isGood) failed.push(name);
}
say(failed.length === 0 ? 'All hold.' : `Not all hold: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
