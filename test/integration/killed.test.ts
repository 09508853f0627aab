import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freshTally, killDuringSaves } from '../support/saves.ts';

const KILLS = 20;

it(`${KILLS} kills during changes through REST lose nothing that was acknowledged`, { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-killed-'));
  const tally = freshTally();
  await killDuringSaves(folder, KILLS, tally).finally(() => rmSync(folder, { recursive: true, force: true }));
  expect(tally).toMatchObject({ kills: KILLS, lost: 0, noticed: 0, leftOver: 0 });
  expect(tally.acknowledged).toBeGreaterThanOrEqual(KILLS);
});
