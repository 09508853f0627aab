/** A capture of 64 MB on a pipe that moves 10 GiB: bounded, honest about what is gone, and felt by nobody else. */
import { setTimeout as delay } from 'node:timers/promises';
import { mebibytes, times } from '../../../bench/units.ts';
import type { CaptureView } from '../../../shared/capture.ts';
import { residentMiB } from '../../support/process-figures.ts';
import { addProxy, statusOf } from '../../support/program-proxies.ts';
import { connect, echoTarget, tcpTarget } from '../../support/sockets.ts';
import { percentile, steady } from '../loads.ts';
import { count, type Scenario, type Soak } from '../scenario.ts';

const MIB = 2 ** 20;
const BYTES = 10 * 1024 * MIB;
const BUDGET = 64_000_000;
const BLOCK = Buffer.alloc(MIB, 'x');

/** Moves that much to a target that throws it away. */
async function move(port: number, bytes: number): Promise<void> {
  const client = await connect(port);
  for (let sent = 0; sent < bytes; sent += BLOCK.length)
    if (!client.write(BLOCK)) await new Promise((resolve) => client.once('drain', resolve));
  await new Promise<void>((resolve) => client.end(resolve));
}

/** p99 of a ping of another proxy while that much is moved. */
async function feltBy(other: number, port: number): Promise<number> {
  const pipe = await steady(other);
  await move(port, BYTES);
  return percentile(await pipe.stop(), 0.99);
}

async function entriesOf({ program }: Soak, pipe: string): Promise<{ gap?: number; length?: number }[]> {
  const { body } = await program.call('GET', `/v1/pipes/${pipe}/export?format=jsonl`);
  return String(body)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as { gap?: number; length?: number });
}

/** The pipe of `bulk` that was opened last, once so many have ended: what is under way has arrived then. */
async function lastEnded({ program }: Soak, many: number): Promise<string> {
  for (;;) {
    const { body } = await program.call('GET', '/v1/pipes?proxy=bulk&state=ended');
    const pipes = (body as { pipe: string; opened: number }[]).toSorted((a, b) => b.opened - a.opened);
    if (pipes.length >= many) return pipes[0]?.pipe ?? '';
    await delay(100);
  }
}

export const captured: Scenario = {
  promise: 'Capture',
  words: 'a capture of 64 MB on a pipe that moves 10 GiB',
  async run(soak) {
    const { program, pid, note } = soak;
    const sink = await tcpTarget((socket) => void socket.resume().on('end', () => socket.end()));
    const other = await addProxy(program, 'other', await echoTarget());
    const port = await addProxy(program, 'bulk', sink);
    const alone = await feltBy(other, port);
    note('captured');
    const before = residentMiB(pid);
    await program.call('POST', '/v1/proxies/bulk/capture', { bytes: BUDGET });
    const beside = await feltBy(other, port);
    const growth = (residentMiB(pid) - before) * MIB;
    const bulk = await lastEnded(soak, 2);
    await program.call('DELETE', '/v1/proxies/bulk/capture');
    const [capture] = (await program.call('GET', '/v1/captures')).body as CaptureView[];
    const entries = await entriesOf(soak, bulk);
    const sum = (key: 'gap' | 'length'): number => entries.reduce((all, one) => all + (one[key] ?? 0), 0);
    const { bytes } = await statusOf(program, 'bulk');
    return [
      { words: 'counted by the proxy, both runs', found: bytes.received, limit: 2 * BYTES, unit: count, isLeast: true },
      { words: 'growth', found: growth, limit: BUDGET + 32 * MIB, unit: mebibytes },
      { words: 'kept', found: capture?.kept ?? 0, limit: BUDGET * 0.9, unit: mebibytes, isLeast: true },
      {
        words: 'missed and kept, as shown',
        found: (capture?.kept ?? 0) + (capture?.missed ?? 0),
        limit: BYTES,
        unit: count,
        isLeast: true,
      },
      {
        words: 'missed and kept, as exported',
        found: sum('gap') + sum('length'),
        limit: BYTES,
        unit: count,
        isLeast: true,
      },
      {
        words: 'p99 of another pipe, by that beside bulk that is not captured',
        found: beside / alone,
        limit: 1.5,
        unit: times,
      },
    ];
  },
};
