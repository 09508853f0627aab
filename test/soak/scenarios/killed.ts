/** The power fails a thousand times while people change things. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { milliseconds } from '../../../bench/units.ts';
import { freshTally, killDuringSaves } from '../../support/saves.ts';
import { percentile } from '../loads.ts';
import { count, type Scenario } from '../scenario.ts';

const KILLS = 1000;
const LANES = 2;

export const killed: Scenario = {
  promise: 'C1',
  words: `${KILLS} kills in the middle of changes through REST, in ${LANES} folders`,
  async run({ note }) {
    const tally = freshTally();
    const progress = setInterval(() => note(`${tally.kills} kills`), 60_000);
    const lanes = Array.from({ length: LANES }, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-killed-'));
      await killDuringSaves(folder, KILLS / LANES, tally).finally(() =>
        rmSync(folder, { recursive: true, force: true }),
      );
    });
    await Promise.all(lanes).finally(() => clearInterval(progress));
    note(`${tally.acknowledged} changes were acknowledged; ${tally.inTheMiddle} kills came in the middle of a save`);
    return [
      { words: 'kills', found: tally.kills, limit: KILLS, unit: count, isLeast: true },
      { words: 'acknowledged changes lost', found: tally.lost, limit: 0, unit: count },
      { words: 'starts that found damage', found: tally.noticed, limit: 0, unit: count },
      { words: 'temporary files left by a start', found: tally.leftOver, limit: 0, unit: count },
      { words: 'kills in the middle of a save', found: tally.inTheMiddle, limit: 1, unit: count, isLeast: true },
      { words: 'p99 of an acknowledged change', found: percentile(tally.saves, 0.99), limit: 100, unit: milliseconds },
    ];
  },
};
