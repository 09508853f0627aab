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
import { startHaproxy } from './peers/haproxy.ts';
import { type Peer, startFar } from './peers/peer.ts';
import { startSluice, startSluiceDevice, startTwoHops } from './peers/sluice.ts';
import { startSsh, startYamux } from './peers/tunnels.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    /** `tcp` or `device` alone. */
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);

interface Measure {
  readonly name: string;
  readonly words: string;
  readonly unit: (value: number) => string;
}
const gibibytes = (value: number): string => `${(value / 2 ** 30).toFixed(2)} GiB/s`;
const perSecond = (value: number): string => `${Math.round(value)} /s`;
const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;

const bulk: Measure = { name: 'bulk', words: 'bulk, one pipe', unit: gibibytes };
const pipes: Measure = { name: 'pipes', words: 'bulk, 32 pipes', unit: gibibytes };
const beside: Measure = { name: 'beside', words: 'ping beside bulk, p99', unit: milliseconds };
const ping1: Measure = { name: 'ping1', words: 'ping-pong, 1 connection', unit: perSecond };
const ping50: Measure = { name: 'ping50', words: 'ping-pong, 50 connections', unit: perSecond };
const connects: Measure = { name: 'connects', words: 'new connections', unit: perSecond };

interface Result {
  readonly value: number;
  readonly jain?: number;
}

async function load(measure: string, peer: Peer): Promise<Result> {
  const ports = [`${peer.echo}`, `${peer.sink}`];
  const child = spawn(process.execPath, ['bench/load.ts', measure, ...ports, values.seconds], {
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

interface Cell {
  readonly value: number;
  readonly jain: number | undefined;
  /** This median to that of each other peer. */
  readonly ratio: Record<string, number>;
}
interface Row {
  readonly measure: Measure;
  readonly cells: Record<string, Cell>;
}

async function run(measure: Measure, peers: readonly Peer[]): Promise<Row> {
  const found = new Map<string, Result[]>(peers.map((peer) => [peer.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) found.get(peer.name)?.push(await load(measure.name, peer));
  }
  const medians = [...found].map(([name, results]) => [name, median(results.map(({ value }) => value))] as const);
  const cells = medians.map(([name, value]) => {
    const fairness = median((found.get(name) ?? []).flatMap(({ jain }) => jain ?? []));
    const ratio = Object.fromEntries(medians.filter(([other]) => other !== name).map(([to, by]) => [to, value / by]));
    return [name, { value, jain: Number.isNaN(fairness) ? undefined : fairness, ratio }] as const;
  });
  return { measure, cells: Object.fromEntries(cells) };
}

async function table(title: string, peers: readonly Peer[], measures: readonly Measure[]): Promise<Row[]> {
  for (const peer of peers) await checkBytes(peer);
  const rows: Row[] = [];
  for (const measure of measures) rows.push(await run(measure, peers));
  for (const peer of peers) await checkBytes(peer);
  if (!values.json) print(title, rows);
  return rows;
}

function print(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  for (const { measure, cells } of rows) {
    console.log(`  ${measure.words}`);
    for (const [name, { value, jain, ratio }] of Object.entries(cells)) {
      const isOurs = name.startsWith('sluice');
      const others = Object.entries(ratio).filter(([to]) => isOurs && !to.startsWith('sluice'));
      const facts = [
        ...(jain ? [`Jain ${jain.toFixed(3)}`] : []),
        ...others.map(([to, by]) => `× ${to} ${by.toFixed(2)}`),
      ];
      console.log(`    ${name.padEnd(12)} ${measure.unit(value).padStart(12)}   ${facts.join(' · ')}`);
    }
  }
}

await using running = new AsyncDisposableStack();
const started = <P extends { stop(): void } | undefined>(part: P): P => {
  running.defer(() => part?.stop());
  return part;
};
const there = (peers: readonly (Peer | undefined)[]): Peer[] => peers.filter((peer) => peer !== undefined);

const far = started(await startFar());
const haproxy = started(await startHaproxy(far));
if (!values.json) {
  console.log(`${cpus().length} cores, Node ${process.version}, ${rounds} rounds of ${values.seconds} s, medians`);
}
const tables: Record<string, Row[]> = {};
if (values.only !== 'device') {
  const direct: Peer = { name: 'direct', echo: far.echo, sink: far.sink, stop: () => {} };
  const peers = there([direct, haproxy, started(await startSluice(far))]);
  tables.tcp = await table('TCP to an address', peers, [bulk, pipes, ping1, ping50, beside, connects]);
}
if (values.only !== 'tcp') {
  const peers = there([
    haproxy,
    started(await startYamux(far)),
    started(await startSsh(far)),
    started(await startTwoHops(far)),
    started(await startSluiceDevice(far, 'tcp')),
    started(await startSluiceDevice(far, 'tls')),
  ]);
  tables.device = await table('TCP through a device: hub and agent (haproxy is one hop)', peers, [bulk, pipes, beside]);
}
if (values.json) console.log(JSON.stringify({ cpus: cpus().length, node: process.version, rounds, tables }, null, 2));
