/** A gateway that runs as a service of this PC: found by its data folder, reached by its control port. */
import { once } from 'node:events';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { win32 } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import { defaultControl } from '../host/run-gateway.ts';
import { runningOn } from '../host/running-gateway.ts';
import { readToken } from '../store/control-file.ts';
import { machineFolderPath, type Surroundings } from '../store/data-folder.ts';
import { isLocked } from '../store/folder-lock.ts';
import type { GatewayAccess, GatewayClient, GatewayConnection, Refusal, ServicePlace } from './gateway-access.ts';
import { isListenerOf } from './port-owner.ts';

const UNAUTHORIZED = 4401;
const OPEN_LIMIT_MS = 8000;
const PROBE_LIMIT_MS = 2000;
/** How long a gateway may take from its lock to its address. */
const STARTING_LIMIT_MS = 10_000;
const STARTING_LOOK_MS = 100;
const MOST_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Keeps the token that a person gave for a service whose data folder this user may not read. */
export interface TokenKeeper {
  get token(): string | undefined;
  keepToken(token: string): void;
}

export class GatewayService implements GatewayAccess {
  readonly #folder: string;
  readonly #keeper: TokenKeeper;
  #url: string;

  constructor(place: ServicePlace, keeper: TokenKeeper) {
    this.#folder = place.folder;
    this.#url = place.url;
    this.#keeper = keeper;
  }

  get service(): ServicePlace {
    return { folder: this.#folder, url: this.#url };
  }

  /** After a restart the service may have another port, so it is looked for each time. */
  async open(given?: string, use: 'page' | 'watcher' = 'page'): Promise<GatewayConnection | Refusal> {
    const found = await findGateway(this.#folder);
    if (!found) return 'gone';
    this.#url = found.url;
    const token = readToken(this.#folder) ?? given ?? this.#keeper.token;
    if (token === undefined) return 'unauthorized';
    const opened = await connect(found.url, { token, watches: use === 'watcher' });
    if (given !== undefined && token === given && typeof opened === 'object') this.#keeper.keepToken(given);
    return opened;
  }

  async stop(): Promise<void> {}
}

/** The gateway of the whole PC. */
export async function findService(): Promise<ServicePlace | undefined> {
  return mayHaveService() ? await findGateway(machineFolderPath()) : undefined;
}

/**
 * Anybody may make a folder in ProgramData of Windows, and wait there for a window. That a service was installed is seen
 * by its program, which lies where only administrators can write.
 */
export function mayHaveService(
  { platform, env }: Pick<Surroundings, 'platform' | 'env'> = process,
  isThere: (path: string) => boolean = existsSync,
): boolean {
  return platform !== 'win32' || isThere(win32.join(env.ProgramFiles || 'C:\\Program Files', 'Sluice Gateway'));
}

/**
 * The gateway that runs on a folder. Where this user may not look into the folder, its usual address is asked instead;
 * it must be held by the owner of the folder, and gets no token but the one that a person gives it.
 */
export async function findGateway(folder: string): Promise<ServicePlace | undefined> {
  if (!existsSync(folder)) return undefined;
  if (mayLookInto(folder)) return await announced(folder);
  const { address, port } = defaultControl;
  const url = `http://${address}:${port}`;
  const isIt = folder === machineFolderPath() && isListenerOf([0, statSync(folder).uid], port) && (await answers(url));
  return isIt ? { folder, url } : undefined;
}

/** One that is still starting holds the lock already, and says a moment later where it is. */
async function announced(folder: string): Promise<ServicePlace | undefined> {
  const end = performance.now() + STARTING_LIMIT_MS;
  do {
    try {
      return { folder, url: runningOn(folder).url };
    } catch {
      if (!isLocked(folder)) return undefined;
    }
    await delay(STARTING_LOOK_MS);
  } while (performance.now() < end);
  return undefined;
}

function mayLookInto(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(PROBE_LIMIT_MS), redirect: 'error' });
    return answer.ok && (await answer.text()) === '{"ok":true}';
  } catch {
    return false;
  }
}

/** As the page does it: the first message is the token, what follows the answer is oRPC's. */
async function connect(url: string, first: object): Promise<GatewayConnection | Refusal> {
  const socket = new WebSocket(new URL('/rpc', url.replace(/^http/, 'ws')), {
    handshakeTimeout: OPEN_LIMIT_MS,
    maxPayload: MOST_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  socket.on('error', () => socket.terminate());
  socket.once('open', () => socket.send(JSON.stringify(first)));
  const closed = once(socket, 'close').then(([code]): Refusal => (code === UNAUTHORIZED ? 'unauthorized' : 'gone'));
  const accepted = new Promise<'open'>((resolve) => socket.once('message', () => resolve('open')));
  const limit = setTimeout(() => socket.terminate(), OPEN_LIMIT_MS);
  const outcome = await Promise.race([accepted, closed]);
  clearTimeout(limit);
  if (outcome !== 'open') return outcome;
  const client: GatewayClient = createORPCClient(new RPCLink({ websocket: socket }));
  return { client, ended: closed.then(() => {}), close: () => socket.close() };
}
