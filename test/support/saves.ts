/** Changes made through the API of the finished program while it is killed, and whether each that was acknowledged is there. */
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Program, startProgram } from './program.ts';
import type { Call } from './rest.ts';
import { unusedPort } from './sockets.ts';

/** Something that is changed over and over: each change writes the next number. */
interface Register {
  readonly write: (call: Call, value: number) => Promise<{ readonly status: number }>;
  readonly read: (call: Call) => Promise<number>;
}

const numberIn = (text: unknown): number => Number(/\d+$/.exec(String(text))?.[0] ?? 0);

const registers: readonly Register[] = [
  {
    write: (call, value) => call('PUT', '/v1/proxies/kept', { description: `change ${value}` }),
    read: async (call) => numberIn((await call('GET', '/v1/proxies/kept')).body.description),
  },
  {
    write: (call, value) => call('PUT', '/v1/settings', { siteName: `Site ${value}` }),
    read: async (call) => numberIn((await call('GET', '/v1/settings')).body.siteName),
  },
  {
    write: (call, value) => call('PUT', '/v1/users/gateway/devices/kept', { description: `change ${value}` }),
    read: async (call) => numberIn((await call('GET', '/v1/users/gateway/devices/kept')).body.description),
  },
];

export interface KillTally {
  kills: number;
  acknowledged: number;
  /** Changes that were acknowledged and are gone, or that nobody asked for. */
  lost: number;
  /** Starts that had to restore something, or tell of something else. */
  noticed: number;
  /** Kills that came in the middle of a save: its file was there, or its change was done and not acknowledged. */
  inTheMiddle: number;
  /** Temporary files that a start left where they were. */
  leftOver: number;
  /** How long each acknowledged save took, milliseconds. */
  readonly saves: number[];
}

export const freshTally = (): KillTally => ({
  ...{ kills: 0, acknowledged: 0, lost: 0, noticed: 0, inTheMiddle: 0, leftOver: 0, saves: [] },
});

/** Kills the program in the middle of changes, `kills` times, on one folder, and adds to the tally what it finds. */
export async function killDuringSaves(folder: string, kills: number, tally: KillTally): Promise<void> {
  const known = registers.map(() => 0);
  let asked: number | undefined;
  for (let round = 0; round <= kills; round += 1) {
    tally.inTheMiddle += temporaryFiles(folder);
    const program = await startProgram(folder);
    if (round === 0) await prepare(program);
    tally.leftOver += temporaryFiles(folder);
    const [notices, ...found] = await Promise.all([
      noticesOf(program),
      ...registers.map(({ read }) => read(program.call)),
    ]);
    tally.noticed += notices;
    for (const [index, value] of found.entries()) {
      const before = known[index] ?? 0;
      const isDone = index === asked && value === before + 1;
      tally.inTheMiddle += Number(isDone);
      tally.lost += Number(!isDone && value !== before);
      known[index] = value;
    }
    if (round === kills) {
      await program.stop({ keep: true });
      return;
    }
    asked = await changeUntilKilled(program, known, tally);
    tally.kills += 1;
  }
}

async function prepare({ call }: Program): Promise<void> {
  const target = { type: 'address', address: '127.0.0.1', port: 9 };
  const config = { protocol: 'tcp', source: { port: await unusedPort() }, target };
  const made = [
    await call('POST', '/v1/proxies', { proxy: 'kept', name: 'Kept', enabled: false, config }),
    await call('POST', '/v1/users/gateway/devices', { device: 'kept', credentials: 'not a secret' }),
  ];
  if (made.some(({ status }) => status >= 300)) throw new Error(`Not prepared: ${JSON.stringify(made)}`);
}

/** Gives the register whose change was not acknowledged any more. */
async function changeUntilKilled(program: Program, known: number[], tally: KillTally): Promise<number | undefined> {
  const gone = new Promise<void>((resolve) => program.process.once('exit', () => resolve()));
  let enough = 1 + Math.floor(Math.random() * 4);
  let asked: number | undefined;
  for (let isAlive = true; isAlive; ) {
    asked = Math.floor(Math.random() * registers.length);
    const next = (known[asked] ?? 0) + 1;
    const began = performance.now();
    const saved = registers[asked]?.write(program.call, next).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (enough === 0) {
      // Not a wait for something: any moment within a save or two is the one to try.
      delay(Math.random() * 12).then(
        () => program.process.kill('SIGKILL'),
        () => {},
      );
    }
    enough -= 1;
    isAlive = (await saved) === true;
    if (!isAlive) break;
    tally.saves.push(performance.now() - began);
    tally.acknowledged += 1;
    known[asked] = next;
  }
  await gone;
  return asked;
}

async function noticesOf({ call }: Program): Promise<number> {
  const { body } = await call('GET', '/v1/status');
  return (body.notices as unknown[]).length;
}

function temporaryFiles(folder: string): number {
  return readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('.tmp-')).length;
}
