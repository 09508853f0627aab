/** Portals of web servers behind a linked device: real HTTP from a client through server, engine and link. */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import type { Engine } from '../../main/engine/engine.ts';
import { sessionCookieName } from '../../main/portals/cookies.ts';
import type { Portal } from '../../main/portals/portal.ts';
import { PortalServer } from '../../main/portals/portal-server.ts';
import { portalHost } from '../../shared/portal.ts';
import type { ProxyProfile } from '../../shared/proxy.ts';
import { makeEngine, profile, type Wish } from './engine.ts';
import { LinkedDevices } from './linked-devices.ts';
import { connect, onClose } from './sockets.ts';

export const APP = 'http://sluice.localhost:7420';
const raspi = { user: 'alice', device: 'dev1' };

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly agent?: http.Agent;
  /** Leaves the session out. */
  readonly stranger?: boolean;
}

export class TestPortals {
  readonly engine: Engine;
  readonly devices: LinkedDevices;
  readonly server: PortalServer;
  readonly bugs: unknown[] = [];
  readonly profiles = new Map<string, ProxyProfile & { readonly revision: string }>();
  readonly #cookies = new Map<string, string>();
  #revision = 0;

  private constructor(devices: LinkedDevices) {
    this.devices = devices;
    this.engine = makeEngine({ devices });
    this.server = new PortalServer({
      portals: () => [...this.profiles.keys()].map((proxy) => this.portal(proxy)),
      open: (proxy, client) => this.engine.openPortal(proxy, client),
      frames: () => [APP],
      onBug: (thrown) => this.bugs.push(thrown),
    });
  }

  static async make(options?: Parameters<typeof LinkedDevices.make>[0]): Promise<TestPortals> {
    const made = new TestPortals(await LinkedDevices.make(options));
    await made.engine.start([]);
    await made.server.listen('127.0.0.1', 0);
    return made;
  }

  /** Adds a portal, or edits the one that is there. */
  async put(proxy: string, wish: Wish & { readonly path?: string; readonly hostHeader?: string }): Promise<void> {
    const made = profile(proxy, { through: raspi, protocol: 'http_iotmp', ...wish });
    const { port: _, ...source } = made.config.source;
    const portal = { path: wish.path ?? '/', tab: true, ...(wish.hostHeader && { hostHeader: wish.hostHeader }) };
    const whole = { ...made, config: { ...made.config, source, portal } };
    const isNew = !this.profiles.has(proxy);
    this.#revision += 1;
    this.profiles.set(proxy, { ...whole, revision: String(this.#revision) });
    await (isNew ? this.engine.add(whole) : this.engine.replace(whole));
  }

  portal(proxy: string): Portal {
    const found = this.profiles.get(proxy);
    if (!found) throw new Error(`There is no portal ${proxy}.`);
    const { name, revision, enabled, config } = found;
    const { target } = config;
    const address = target.type === 'address' ? target.address : '';
    const { port, secure = false } = target;
    const { path = '/', hostHeader } = config.portal ?? {};
    return { proxy, name, revision, isOpen: enabled, path, address, port, secure, hostHeader };
  }

  host(proxy: string): string {
    return `${portalHost(proxy, this.profiles.keys())}:${this.server.port}`;
  }

  origin(proxy: string): string {
    return `http://${this.host(proxy)}`;
  }

  /** Opens a portal with a ticket and keeps its session for {@link ask}. */
  async open(proxy: string): Promise<string> {
    const url = new URL(this.server.urlOf(this.portal(proxy)));
    const reply = await this.ask(proxy, url.pathname + url.search, { stranger: true });
    const cookie = reply.headers['set-cookie']?.[0]?.split(';')[0];
    if (reply.status !== 200 || cookie === undefined) throw new Error(`Not opened: ${reply.status} ${reply.text}`);
    this.#cookies.set(proxy, cookie);
    return cookie;
  }

  cookie(proxy: string): string {
    return this.#cookies.get(proxy) ?? `${sessionCookieName(this.server.port)}=none`;
  }

  /** A request as a browser would send it. */
  request(proxy: string, path: string, { headers, stranger, ...asking }: Asking = {}): http.ClientRequest {
    const cookies = [!stranger && this.cookie(proxy), headers?.cookie].filter(Boolean).join('; ');
    return http.request({
      host: '127.0.0.1',
      port: this.server.port,
      path,
      method: asking.method ?? 'GET',
      agent: asking.agent ?? false,
      headers: { host: this.host(proxy), ...headers, ...(cookies && { cookie: cookies }) },
    });
  }

  async ask(proxy: string, path: string, asking: Asking = {}): Promise<Reply> {
    const request = this.request(proxy, path, asking);
    request.end(asking.body);
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body, text: body.toString() };
  }

  /** A bare connection to the port of the portals. */
  connect(): Promise<net.Socket> {
    return connect(this.server.port);
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.engine.stop({ deadlineMs: 0 });
  }
}

/** A web server that a device can reach; closed by `closeAll`. */
export async function webTarget(
  answer: http.RequestListener,
  options: { readonly tls?: https.ServerOptions; readonly onUpgrade?: (...args: Upgrade) => void } = {},
): Promise<WebTarget> {
  const server = options.tls ? https.createServer(options.tls, answer) : http.createServer(answer);
  const target = { port: 0, connections: 0, server };
  server.on(options.tls ? 'secureConnection' : 'connection', (socket: net.Socket) => {
    target.connections += 1;
    socket.on('error', () => {});
    onClose(() => socket.destroy());
  });
  if (options.onUpgrade) server.on('upgrade', options.onUpgrade);
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  onClose(() => server.close());
  await once(server, 'listening');
  target.port = (server.address() as net.AddressInfo).port;
  return target;
}

type Upgrade = [request: http.IncomingMessage, socket: net.Socket, head: Buffer];

export interface WebTarget {
  readonly port: number;
  /** Connections so far. */
  readonly connections: number;
  readonly server: http.Server;
}
