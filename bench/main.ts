/**
 * `npm run bench`: correctness first, then several interleaved rounds of each measure over each peer, medians and
 * ratios. Compare ratios of one run only; the figures themselves depend on the machine and its neighbours.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type Far, type Peer, startFar, startHaproxy, startSluice } from './peers.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);

const measures: {
  readonly name: string;
  readonly words: string;
  readonly to: keyof Far;
  readonly unit: (value: number) => string;
}[] = [
  { name: 'bulk', words: 'bulk, one pipe', to: 'sink', unit: (value) => `${(value / 2 ** 30).toFixed(2)} GiB/s` },
  { name: 'pipes', words: 'bulk, 32 pipes', to: 'sink', unit: (value) => `${(value / 2 ** 30).toFixed(2)} GiB/s` },
  { name: 'ping1', words: 'ping-pong, 1 connection', to: 'echo', unit: (value) => `${Math.round(value)} /s` },
  { name: 'ping50', words: 'ping-pong, 50 connections', to: 'echo', unit: (value) => `${Math.round(value)} /s` },
  { name: 'connects', words: 'new connections', to: 'echo', unit: (value) => `${Math.round(value)} /s` },
];

async function load(measure: string, port: number): Promise<{ value: number; jain?: number }> {
  const child = spawn(process.execPath, ['bench/load.ts', measure, String(port), values.seconds], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The measure ${measure} failed.`);
  return JSON.parse(text);
}

/** Bytes both ways through a half-closed pipe must come back unchanged; else no figure counts. */
async function checkBytes(peer: Peer): Promise<void> {
  const data = randomBytes(8 * 1024 * 1024);
  const socket = net.connect({ port: peer.echo, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(data);
  const hash = createHash('sha256');
  for await (const chunk of socket) hash.update(chunk);
  if (hash.digest('hex') !== createHash('sha256').update(data).digest('hex'))
    throw new Error(`${peer.name} changed the bytes.`);
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

await using running = new AsyncDisposableStack();
const started = <P extends { stop(): void }>(part: P): P => {
  running.defer(() => part.stop());
  return part;
};
const far = started(await startFar());
const direct: Peer = { name: 'direct', echo: far.echo, sink: far.sink, stop: () => {} };
const haproxy = await startHaproxy(far);
const sluice = started(await startSluice(far));
const peers = [direct, ...(haproxy ? [started(haproxy)] : []), sluice];

for (const peer of peers) await checkBytes(peer);
const rows = [];
for (const { name, words, to, unit } of measures) {
  const found = new Map<string, { value: number; jain?: number }[]>(peers.map((peer) => [peer.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) found.get(peer.name)?.push(await load(name, peer[to]));
  }
  const values = Object.fromEntries(
    [...found].map(([peer, results]) => [peer, median(results.map((result) => result.value))]),
  );
  const fairness = median((found.get('sluice') ?? []).map((result) => result.jain ?? Number.NaN));
  const ratio = (to: string): number | undefined =>
    values[to] && values.sluice ? values.sluice / values[to] : undefined;
  rows.push({
    measure: words,
    values,
    unit,
    toDirect: ratio('direct'),
    toHaproxy: ratio('haproxy'),
    jain: Number.isNaN(fairness) ? undefined : fairness,
  });
}
for (const peer of peers) await checkBytes(peer);
if (values.json) console.log(JSON.stringify({ cpus: cpus().length, node: process.version, rounds, rows }, null, 2));
else {
  console.log(
    `${cpus().length} cores, Node ${process.version}, ${rounds} rounds of ${values.seconds} s, medians${haproxy ? '' : '; HAProxy is not installed'}`,
  );
  for (const row of rows) {
    const parts = Object.entries(row.values).map(([peer, value]) => `${peer} ${row.unit(value)}`);
    const ratios = [
      row.toDirect && `× direct ${row.toDirect.toFixed(2)}`,
      row.toHaproxy && `× haproxy ${row.toHaproxy.toFixed(2)}`,
      row.jain && `Jain ${row.jain.toFixed(3)}`,
    ];
    console.log(`${row.measure.padEnd(28)} ${parts.join(' · ')}   ${ratios.filter(Boolean).join(' · ')}`);
  }
}
