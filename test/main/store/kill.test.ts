import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Store } from '../../../main/store/store.ts';
import { revisionOf } from '../../support/sample-config.ts';
import { temporaryFolder } from '../../support/store.ts';

const KILLS = 200;
const LANES = 2;
const WRITER = 'test/support/store-writer.ts';

/** How often a kill left something to clear up: proof that it came in the middle of a save. */
interface Hits {
  readonly temporaryFiles: number;
  readonly unacknowledged: number;
}

/** Lets a process save until a random moment after some acknowledged saves. Gives the last one acknowledged. */
async function saveUntilKilled(folder: string, env: NodeJS.ProcessEnv): Promise<number> {
  const writer = spawn(process.execPath, [WRITER, folder], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(writer, 'close');
  const enough = 1 + Math.floor(Math.random() * 5);
  let output = '';
  for await (const chunk of writer.stdout) {
    output += chunk;
    if (writer.killed || output.split('\n').length <= enough) continue;
    // Not a wait for something: any moment within the next save or two is the one to try.
    await delay(Math.random() * 8);
    writer.kill('SIGKILL');
  }
  await closed;
  expect(writer.signalCode).toBe('SIGKILL');
  return Number(output.trimEnd().split('\n').at(-1));
}

function temporaryFiles(folder: string): number {
  return readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('.tmp-')).length;
}

async function killAndReopen(folder: string, kills: number, env: NodeJS.ProcessEnv): Promise<Hits> {
  const hits = { temporaryFiles: 0, unacknowledged: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const acknowledged = await saveUntilKilled(folder, env);
    hits.temporaryFiles += temporaryFiles(folder);
    const store = new Store(folder);
    store.open();
    const found = revisionOf(store.config);
    expect([acknowledged, acknowledged + 1]).toContain(found);
    hits.unacknowledged += found - acknowledged;
    // Nothing was damaged, so nothing had to be restored.
    expect(store.notices).toEqual([]);
    expect(temporaryFiles(folder)).toBe(0);
  }
  return hits;
}

test(`${KILLS} kills during saves lose no acknowledged change and damage no file`, { timeout: 120_000 }, async () => {
  // A killed process never stores what it compiled; one that ends in peace does it for all: half the time.
  const env = { ...process.env, NODE_COMPILE_CACHE: temporaryFolder() };
  spawnSync(process.execPath, [WRITER, temporaryFolder(), '1'], { env });
  const lanes = Array.from({ length: LANES }, () => killAndReopen(temporaryFolder(), KILLS / LANES, env));
  const hits = await Promise.all(lanes);
  expect(hits.reduce((sum, each) => sum + each.temporaryFiles + each.unacknowledged, 0)).toBeGreaterThan(0);
});
