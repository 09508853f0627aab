/** A stand-in for Docker's API on a socket: the list of containers and the stream of events, as its documents have them. */
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface StandInContainer {
  readonly name: string;
  readonly state: string;
  readonly ports?: readonly { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[];
}

export interface StandIn {
  readonly socketPath: string;
  /** Every method and path that was asked. */
  readonly asked: string[];
  /** Replaces the containers and tells of it. */
  set(...containers: StandInContainer[]): void;
  /** Goes away as Docker does when it is stopped; may come back. */
  close(): Promise<void>;
  open(): Promise<void>;
}

const id = (name: string) => Buffer.from(name.padEnd(32, '.')).toString('hex');

export async function standInDocker(folder: string, ...first: StandInContainer[]): Promise<StandIn> {
  const socketPath = join(folder, 'docker.sock');
  const asked: string[] = [];
  const streams = new Set<http.ServerResponse>();
  let containers = first;
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://docker');
    asked.push(`${request.method} ${pathname}`);
    response.setHeader('Content-Type', 'application/json');
    if (pathname === '/containers/json') {
      const shown = containers.filter(({ state }) => searchParams.get('all') === 'true' || state === 'running');
      response.end(
        JSON.stringify(
          shown.map(({ name, state, ports = [] }) => ({
            Id: id(name),
            Names: [`/${name}`],
            Image: `example/${name}:1`,
            ImageID: 'sha256:00',
            Command: 'run',
            Created: 1700000000,
            Ports: ports,
            Labels: {},
            State: state,
            Status: state === 'running' ? 'Up 2 hours' : 'Exited (0) 2 hours ago',
            HostConfig: { NetworkMode: 'default' },
            NetworkSettings: { Networks: {} },
            Mounts: [],
          })),
        ),
      );
    } else if (pathname === '/events') {
      response.flushHeaders();
      streams.add(response);
      response.on('close', () => streams.delete(response));
    } else {
      response.writeHead(404).end('{"message":"page not found"}');
    }
  });
  const standIn: StandIn = {
    socketPath,
    asked,
    set: (...next) => {
      containers = next;
      const event = { Type: 'container', Action: 'start', Actor: { ID: id('any'), Attributes: {} }, scope: 'local' };
      for (const stream of streams) stream.write(`${JSON.stringify(event)}\n`);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
    open: async () => {
      server.listen(socketPath);
      await once(server, 'listening');
    },
  };
  await standIn.open();
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return standIn;
}
