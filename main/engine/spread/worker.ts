/** The program of one thread that serves spread ports: does what the main thread orders, and tells it what happens. */
import { parentPort, workerData } from 'node:worker_threads';
import { asSluiceError } from '../../../shared/errors.ts';
import { NameCache } from '../../sockets/name-cache.ts';
import { sweepEvery } from '../../sockets/sweep.ts';
import type { Tap } from '../../traffic/tap.ts';
import { noDevices } from '../device-target.ts';
import { type Endpoint, ownerOf } from '../own-endpoints.ts';
import { noPlugins } from '../plugin-target.ts';
import type { EngineParts, ListenAt, Logger } from '../port-server.ts';
import { Room } from '../room.ts';
import { TlsContexts } from '../tls-contexts.ts';
import { noCertificateDesk } from '../tls-desk.ts';
import {
  type Beginning,
  type Done,
  type Order,
  type Seen,
  type SentFault,
  sendable,
  type Task,
  type Told,
} from './messages.ts';
import { ThreadServer } from './thread-server.ts';
import { ThreadTap } from './thread-tap.ts';

const SWEEP_MS = 250;

if (!parentPort) throw new Error('This is the program of a thread.');
const main = parentPort;
const { thread, room, ids, adopts, flying } = workerData as Beginning;
const servers = new Map<number, ThreadServer>();
let maxPipes = 0;
let endpoints: readonly Endpoint[] = [];
/** Whether nothing was told at the last sweep: then what happens next is told at once. */
let isQuiet = true;

const tell = (told: Told): void => main.postMessage(told);
const logAt =
  (level: keyof Logger) =>
  (fields: object, message: string): void =>
    tell({ tell: 'log', level, fields, message });

const parts: Omit<EngineParts, 'pipes'> = {
  room: new Room(thread, room),
  names: new NameCache(),
  devices: noDevices,
  plugins: noPlugins,
  tls: new TlsContexts(noCertificateDesk),
  log: { info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
  adopts,
  maxPipes: () => maxPipes,
  maxUdpFlows: () => 0,
  ownerOf: (to) => ownerOf(endpoints, to),
};

function tellNews(): void {
  const news = [...servers.values()].flatMap((server) => server.news() ?? []);
  for (const [id, server] of servers) if (server.isOver) servers.delete(id);
  isQuiet = news.length === 0;
  if (!isQuiet) tell({ tell: 'news', news });
}

function tellSoon(): void {
  if (!isQuiet) return;
  isQuiet = false;
  setImmediate(tellNews);
}

/** The main thread has to know a pipe before it can take its payload. */
function tellSeen(seen: Seen, lent: readonly ArrayBuffer[], isFirst: boolean): void {
  if (isFirst) tellNews();
  main.postMessage(seen, lent);
}

sweepEvery(SWEEP_MS, (nowMs) => {
  for (const server of servers.values()) server.sweep(nowMs);
  tellNews();
});

async function open(task: Task & { do: 'open' }): Promise<{ bound: ListenAt } | { fault: SentFault }> {
  // Told twice where this thread was started anew while the port was being opened.
  const before = servers.get(task.server);
  if (before) return { bound: before.bound };
  const tapOf = (pipe: string): Tap => new ThreadTap({ server: task.server, pipe }, flying, tellSeen);
  const server = new ThreadServer({ opening: task, thread, ids, parts, onEvent: tellSoon, tapOf });
  servers.set(task.server, server);
  try {
    return { bound: await server.listen() };
  } catch (thrown) {
    servers.delete(task.server);
    return { fault: sendable(asSluiceError(thrown)) };
  }
}

async function perform(task: Task): Promise<Partial<Done>> {
  switch (task.do) {
    case 'open':
      return await open(task);
    case 'change':
      servers.get(task.server)?.change(task.profile, task.isWatched);
      return {};
    case 'close':
      await servers.get(task.server)?.close();
      return {};
    case 'drain':
      await servers.get(task.server)?.drain(task.deadlineMs);
      return {};
    case 'kill':
      servers.get(task.server)?.kill(task.pipe);
      return {};
    case 'watch':
      servers.get(task.server)?.watch(task.pipe, task.isWatched);
      return {};
    case 'know':
      ({ maxPipes, endpoints } = task);
      return {};
  }
  task satisfies never;
  throw new Error('There is no such task.');
}

main.on('message', async ({ call, task }: Order) => {
  const answer = await perform(task);
  tellNews();
  tell({ tell: 'done', call, ...answer });
});
