/** Targets that do not read: what the gateway holds, and that all of it arrives when they do. */
import { createHash, randomBytes } from 'node:crypto';
import type net from 'node:net';
import { mebibytes, percent } from '../../../bench/units.ts';
import { residentMiB } from '../../support/process-figures.ts';
import { addProxy } from '../../support/program-proxies.ts';
import { connect, sha256, tcpTarget } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';
import { cpuShare, untilBlocked } from '../loads.ts';
import { count, type Figure, type Scenario, type Soak } from '../scenario.ts';

const MIB = 2 ** 20;
const CHUNK = 256 * 1024;

interface Wave {
  readonly name: string;
  readonly pipes: number;
  readonly bytes: number;
  readonly limitMiB: number;
}

const waves: readonly Wave[] = [
  { name: 'one', pipes: 1, bytes: 64 * MIB, limitMiB: 17 },
  { name: 'some', pipes: 50, bytes: 16 * MIB, limitMiB: 96 },
  { name: 'many', pipes: 1000, bytes: 256 * 1024, limitMiB: 128 },
];

async function hashOf(socket: net.Socket): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Offers piece by piece, so that nothing waits in this process; counts what the system has taken. */
function offer(socket: net.Socket, data: Buffer, onTaken: (bytes: number) => void): void {
  let at = 0;
  const more = (): void => {
    if (at >= data.length) return void socket.end();
    const piece = data.subarray(at, at + CHUNK);
    at += piece.length;
    socket.write(piece, (error) => {
      if (error) return;
      onTaken(piece.length);
      more();
    });
  };
  more();
}

async function stall({ program, pid }: Soak, { name, pipes, bytes, limitMiB }: Wave): Promise<Figure[]> {
  const targets: net.Socket[] = [];
  const target = await tcpTarget((socket) => {
    targets.push(socket.pause());
  });
  const port = await addProxy(program, name, target);
  const clients = await Promise.all(Array.from({ length: pipes }, () => connect(port)));
  await waitFor(() => targets.length === pipes, 'all targets');
  const data = randomBytes(bytes);
  const before = residentMiB(pid);
  let taken = 0;
  for (const client of clients)
    offer(client, data, (more) => {
      taken += more;
    });
  await untilBlocked(clients[0] as net.Socket, () => taken);
  const growth = (residentMiB(pid) - before) * MIB;
  const cpu = await cpuShare(pid, 5);
  const stuck = taken;
  const wanted = sha256(data);
  for (const client of clients) client.resume();
  const hashes = await Promise.all(
    targets.map(async (socket) => {
      const hash = await hashOf(socket);
      socket.end();
      return hash;
    }),
  );
  const words = `${pipes} × ${mebibytes(bytes)}`;
  return [
    pipes === 1
      ? { words: `${words}: taken before the client is stopped`, found: stuck, limit: limitMiB * MIB, unit: mebibytes }
      : { words: `${words}: growth`, found: growth, limit: limitMiB * MIB, unit: mebibytes },
    { words: `${words}: CPU while stalled`, found: cpu, limit: 0.03, unit: percent },
    { words: `${words}: hashes that differ`, found: hashes.filter((h) => h !== wanted).length, limit: 0, unit: count },
  ];
}

export const stalled: Scenario = {
  promise: 'P3',
  words: 'targets that do not read',
  async run(soak) {
    const figures: Figure[] = [];
    for (const wave of waves) figures.push(...(await stall(soak, wave)));
    return figures;
  },
};
