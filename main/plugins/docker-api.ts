/**
 * What Sluice asks of Docker, over its socket, and all of it is read: the list of containers and the stream of events.
 * Whoever may use that socket is as good as root, so nothing here starts, stops or makes anything.
 */
import http from 'node:http';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { SluiceError } from '../../shared/errors.ts';
import type { ContainerView } from '../../shared/plugin.ts';
import { systemCode } from '../sockets/system-code.ts';

const ANSWER_MS = 5000;
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_EVENT = 256 * 1024;

/** The events that change what is shown; a health check alone makes three others every few seconds. */
const told = {
  type: ['container'],
  event: ['create', 'start', 'die', 'pause', 'unpause', 'rename', 'destroy'],
};

const port = z.int().min(0).max(65_535);
const containers = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()),
    Image: z.string(),
    State: z.string(),
    Ports: z
      .array(
        z.object({
          IP: z.string().optional(),
          PrivatePort: port,
          PublicPort: port.optional(),
          Type: z.string(),
        }),
      )
      .nullish(),
  }),
);

/** The socket that Docker's own client would use; one on another host is no service of this PC. */
export function dockerSocket(): string {
  const named = /^(?:unix|npipe):\/\/(.+)$/.exec(process.env.DOCKER_HOST ?? '')?.[1];
  return named ?? (process.platform === 'win32' ? '//./pipe/docker_engine' : '/var/run/docker.sock');
}

export class DockerApi {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** All containers, also those that do not run. Throws DOCKER_UNREACHABLE. */
  async containers(): Promise<ContainerView[]> {
    try {
      const answer = await this.#open('/containers/json?all=true', AbortSignal.timeout(ANSWER_MS));
      return containers.parse(JSON.parse(await whole(answer))).map(viewOf);
    } catch (error) {
      throw unreachable(error);
    }
  }

  /**
   * Yields when the list may be another one: at once, and whenever a container came, went or changed. Ends only by
   * throwing DOCKER_UNREACHABLE, also when `signal` aborts.
   */
  async *changes(signal: AbortSignal): AsyncGenerator<void, never> {
    try {
      const answer = await this.#open(`/events?filters=${encodeURIComponent(JSON.stringify(told))}`, signal);
      // A stream of one line without end would fill the memory.
      let length = 0;
      answer.on('data', (chunk: Buffer) => {
        length = chunk.includes(10) ? 0 : length + chunk.length;
        if (length > LONGEST_EVENT) answer.destroy(new Error('its answer is too long'));
      });
      const lines = createInterface({ input: answer });
      yield;
      for await (const _line of lines) yield;
      throw new Error('it closed the connection');
    } catch (error) {
      throw unreachable(error);
    }
  }

  #open(path: string, signal: AbortSignal): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = http.get({
        socketPath: this.#socketPath,
        path,
        signal,
        agent: false,
        headers: { host: 'docker' },
      });
      // The stream of events is endless; that it begins is told at once.
      const timer = setTimeout(() => request.destroy(new DOMException('No answer', 'TimeoutError')), ANSWER_MS);
      request.on('close', () => clearTimeout(timer));
      request.on('error', reject);
      request.on('response', (answer) => {
        clearTimeout(timer);
        answer.on('error', reject);
        if (answer.statusCode === 200) return resolve(answer);
        answer.destroy();
        reject(new Error(`it answers with status ${answer.statusCode}`));
      });
    });
  }
}

async function whole(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function viewOf({ Id, Names, Image, State, Ports }: z.infer<typeof containers>[number]): ContainerView {
  return {
    id: Id.slice(0, 12),
    name: (Names[0] ?? Id.slice(0, 12)).replace(/^\//, ''),
    image: Image,
    state: State,
    // A port on all addresses is told twice, for IPv4 and for IPv6.
    ports: (Ports ?? []).flatMap(({ IP = '0.0.0.0', PrivatePort, PublicPort, Type }) => {
      if (PublicPort === undefined || (Type !== 'tcp' && Type !== 'udp') || IP === '::') return [];
      const address = IP === '0.0.0.0' || IP === '' ? '127.0.0.1' : IP;
      return [{ address, port: PublicPort, containerPort: PrivatePort, transport: Type }];
    }),
  };
}

function unreachable(cause: unknown): SluiceError {
  return new SluiceError('DOCKER_UNREACHABLE', { reason: reasonOf(cause) }, { cause });
}

function reasonOf(cause: unknown): string {
  switch (systemCode(cause)) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return 'it does not run on this PC';
    case 'EACCES':
    case 'EPERM':
      return 'this account may not use its socket';
  }
  if (cause instanceof z.ZodError || cause instanceof SyntaxError) return 'its answer is not understood';
  if (cause instanceof Error && cause.name === 'TimeoutError') return 'it does not answer';
  return cause instanceof Error ? cause.message : String(cause);
}
