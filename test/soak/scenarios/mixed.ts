/** Everything at once, for long: nothing piles up. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import { mebibytes, percent } from '../../../bench/units.ts';
import { descriptors, residentMiB } from '../../support/process-figures.ts';
import { addProxy, profileOf, statusOf } from '../../support/program-proxies.ts';
import { echoTarget, udpClient, udpEcho, unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';
import { openHub, startFarDevice, through } from '../far-device.ts';
import { INSPECTED, Inspector } from '../inspector.ts';
import { count, type Scenario, type Soak } from '../scenario.ts';

const MIB = 2 ** 20;
const SAMPLE_MS = 5000;

interface Ports {
  readonly plain: number;
  readonly secure: number;
  readonly device: number;
  readonly nobody: number;
  readonly udp: number;
}

async function prepare({ program }: Soak): Promise<Ports> {
  const target = await echoTarget();
  await startFarDevice(program, await openHub(program, ['far']), 'far');
  const ports = {
    plain: await addProxy(program, 'plain', target),
    secure: await addProxy(program, 'secure', target, { source: { port: await unusedPort(), secure: true } }),
    device: await addProxy(program, 'device', target, through('far', target)),
    nobody: await addProxy(program, 'nobody', await unusedPort()),
    udp: await addProxy(program, 'udp', await udpEcho(), { protocol: 'udp' }),
  };
  const { port: secure } = (await profileOf(program, 'secure')).config.source;
  return { ...ports, secure };
}

/** Sends that much to an echo, ends its side, and compares what comes; true where it came back whole. */
function exchange(socket: net.Socket, data: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    let at = 0;
    let isSame = true;
    socket.on('data', (chunk: Buffer) => {
      isSame &&= chunk.equals(data.subarray(at, at + chunk.length));
      at += chunk.length;
    });
    socket.on('error', () => {
      isSame = false;
    });
    socket.on('close', () => resolve(isSame && at === data.length));
    socket.end(data);
  });
}

const place = (port: number) => ({ port, host: '127.0.0.1', allowHalfOpen: true });
const plain = (port: number): net.Socket => net.connect(place(port));
const secure = (port: number): net.Socket => tls.connect({ ...place(port), rejectUnauthorized: false });

/** What goes on until it is over; each gives what failed. */
function loads({ program }: Soak, ports: Ports, isOver: () => boolean): Promise<number>[] {
  const large = randomBytes(8 * MIB);
  const small = large.subarray(0, 4096);
  const repeat = async (pauseMs: number, once: () => Promise<boolean>): Promise<number> => {
    let failures = 0;
    while (!isOver()) {
      if (!(await once().catch(() => false))) failures += 1;
      await delay(pauseMs);
    }
    return failures;
  };
  const many = (amount: number, each: () => Promise<boolean>) => async (): Promise<boolean> =>
    (await Promise.all(Array.from({ length: amount }, each))).every(Boolean);
  const flow = udpClient(ports.udp);
  let round = 0;
  return [
    repeat(20, () => exchange(plain(ports.plain), large)),
    repeat(20, () => exchange(secure(ports.secure), large)),
    repeat(20, () => exchange(plain(ports.device), large)),
    repeat(
      100,
      many(20, () => exchange(plain(ports.plain), small)),
    ),
    repeat(
      250,
      many(5, () => exchange(secure(ports.secure), small)),
    ),
    repeat(
      100,
      many(5, () => exchange(plain(ports.device), small)),
    ),
    repeat(
      200,
      many(5, async () => !(await exchange(plain(ports.nobody), small))),
    ),
    repeat(5, async () => {
      const socket = await flow;
      const heard = once(socket, 'message', { signal: AbortSignal.timeout(5000) });
      socket.send(small);
      return (await heard)[0].equals(small);
    }),
    repeat(200, async () => {
      const stranger = await udpClient(ports.udp);
      stranger.send(small);
      stranger.close();
      return true;
    }),
    repeat(500, async () => {
      const socket = plain(ports.plain).on('error', () => {});
      socket.write(large);
      await once(socket, 'data');
      socket.resetAndDestroy();
      return true;
    }),
    repeat(1000, async () => {
      round += 1;
      const profile = await profileOf(program, 'nobody');
      const { status } = await program.call('PUT', '/v1/proxies/nobody', { ...profile, description: `${round}` });
      return status === 200 && (await program.call('GET', '/v1/pipes')).status === 200;
    }),
  ];
}

/** Bytes per minute, by least squares; the first third is left out, since programs grow until they are warm. */
function slope(samples: readonly { readonly minute: number; readonly bytes: number }[]): number {
  const used = samples.slice(Math.floor(samples.length / 3));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(used.map(({ minute }) => minute)), mean(used.map(({ bytes }) => bytes))];
  const over = used.reduce((sum, { minute, bytes }) => sum + (minute - x) * (bytes - y), 0);
  return over / used.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
}

export const mixed: Scenario = {
  promise: 'C8',
  words: 'everything at once',
  flags: INSPECTED,
  async run(soak) {
    const { program, pid, minutes, note } = soak;
    const inspector = await Inspector.of(program);
    const ports = await prepare(soak);
    const before = { open: descriptors(pid), handles: await inspector.handles() };
    const began = performance.now();
    const isOver = (): boolean => performance.now() - began > minutes * 60_000;
    const running = loads(soak, ports, isOver);
    const samples: { minute: number; bytes: number }[] = [];
    let warm = 0;
    while (!isOver()) {
      await delay(SAMPLE_MS);
      samples.push({ minute: (performance.now() - began) / 60_000, bytes: await inspector.heap() });
      if (warm === 0 && performance.now() - began > minutes * 20_000) warm = residentMiB(pid);
      const last = samples.at(-1);
      if (last && samples.length % 12 === 0) note(`${last.minute.toFixed(0)} min, heap ${mebibytes(last.bytes)}`);
    }
    const resident = residentMiB(pid);
    const failures = (await Promise.all(running)).reduce((sum, failed) => sum + failed, 0);
    const { bytes } = await statusOf(program, 'plain');
    // Flows of strangers end after their minute.
    const isBack = async (): Promise<boolean> =>
      descriptors(pid) <= before.open + 5 && (await inspector.handles()) <= before.handles + 5;
    await waitFor(isBack, 'descriptors and timers', 70_000).catch(() => {});
    const figures = [
      { words: 'exchanges that failed', found: failures, limit: 0, unit: count },
      { words: 'carried by the plain proxy', found: bytes.received, limit: 100 * MIB, unit: mebibytes, isLeast: true },
      { words: 'growth of the heap per minute', found: slope(samples), limit: 0.2 * MIB, unit: mebibytes },
      { words: 'resident, end by first third', found: resident / warm, limit: 1.25, unit: percent },
      { words: 'descriptors more than before', found: descriptors(pid) - before.open, limit: 5, unit: count },
      { words: 'timers and sockets more', found: (await inspector.handles()) - before.handles, limit: 5, unit: count },
    ];
    inspector.close();
    return figures;
  },
};
