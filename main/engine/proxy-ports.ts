/**
 * The ways into one proxy: at most one server per transport, moved to other endpoints without losing what works, and
 * the inner one of a portal, which has no port and stays.
 */
import { SluiceError } from '../../shared/errors.ts';
import { deviceOf, type ProxyConfig, type Transport, transportsOf } from '../../shared/proxy.ts';
import type { AddressRules } from '../access/address-rules.ts';
import { InnerServer } from './inner-server.ts';
import type { EngineParts, ListenAt, PortServer, ServedProxy } from './port-server.ts';
import { TcpServer } from './tcp-server.ts';
import { UdpServer } from './udp-server.ts';

export class ProxyPorts {
  readonly #proxy: ServedProxy;
  readonly #parts: EngineParts;
  #servers: readonly PortServer[] = [];
  /** Servers that take nothing new while their last pipes end. */
  readonly #leaving = new Set<PortServer>();

  constructor(proxy: ServedProxy, parts: EngineParts) {
    this.#proxy = proxy;
    this.#parts = parts;
  }

  /** Where the first port is; null where there is none. */
  get bound(): ListenAt | null {
    return this.#servers.find(({ bound }) => bound)?.bound ?? null;
  }

  /** The way in without a port, where it is open. */
  get inner(): InnerServer | undefined {
    return this.#servers.find((server) => server instanceof InnerServer);
  }

  /** Servers that take clients: the inner one, then TCP before UDP. */
  get servers(): readonly PortServer[] {
    return this.#servers;
  }

  /**
   * Opens what the config asks for and is not open, then closes what it does not ask for.
   * Rejects with a SluiceError of the source hop, and then listens where it did before.
   */
  async open(config: ProxyConfig): Promise<void> {
    const before = this.#servers;
    const spreads = this.#parts.spread !== undefined && canSpread(config);
    const wanted = wantedEndpoints(config, before, spreads);
    const kept = before.filter((server) => wanted.some((at) => isAt(server, at)));
    const opened: PortServer[] = [];
    const gaveWay = new Set<PortServer>();
    try {
      for (const at of wanted.filter((endpoint) => !before.some((server) => isAt(server, endpoint)))) {
        opened.push(await this.#openOne(at, before, gaveWay));
      }
    } catch (fault) {
      await Promise.all(opened.map((server) => server.close().then(() => server.drain(0))));
      await this.#reopen(gaveWay);
      throw fault;
    }
    this.#servers = [...kept, ...opened].sort(byTransport);
    await Promise.all(before.filter((server) => !kept.includes(server)).map((server) => this.#leave(server)));
  }

  /** Frees the ports. Open pipes stay until they are drained. */
  async close(): Promise<void> {
    const servers = this.#servers;
    this.#servers = [];
    await Promise.all(servers.map((server) => this.#leave(server)));
  }

  /** Ends the pipes that are open now, see {@link PortServer.drain}. */
  async drain(deadlineMs: number): Promise<void> {
    await Promise.all(this.#all().map((server) => server.drain(deadlineMs)));
    for (const server of this.#leaving) if (server.openPipes === 0) this.#leaving.delete(server);
  }

  async enforce(rules: AddressRules): Promise<void> {
    await Promise.all(this.#all().map((server) => server.enforce(rules)));
  }

  /** See {@link PortServer.collect}. */
  collect(): void {
    for (const server of this.#servers) server.collect?.();
    for (const server of this.#leaving) server.collect?.();
  }

  sweep(nowMs: number): void {
    for (const server of this.#servers) server.sweep(nowMs);
    for (const server of this.#leaving) server.sweep(nowMs);
  }

  #all(): PortServer[] {
    return [...this.#servers, ...this.#leaving];
  }

  /** `0.0.0.0:80` cannot be opened while `127.0.0.1:80` is: then the old one of that port gives way first. */
  async #openOne(at: Wanted, before: readonly PortServer[], gaveWay: Set<PortServer>): Promise<PortServer> {
    try {
      return await this.#listen(at);
    } catch (fault) {
      const inTheWay = before.find((server) => at !== 'inner' && isOnPort(server, at));
      if (!inTheWay || !(fault instanceof SluiceError) || fault.code !== 'PORT_IN_USE') throw fault;
      gaveWay.add(inTheWay);
      await this.#leave(inTheWay);
      return await this.#listen(at);
    }
  }

  async #listen(at: Wanted): Promise<PortServer> {
    const server = this.#make(at);
    await server.listen();
    return server;
  }

  #make(at: Wanted): PortServer {
    if (at === 'inner') return new InnerServer(this.#proxy, this.#parts);
    if (at.isSpread && this.#parts.spread) return this.#parts.spread(this.#proxy, at);
    const Server = at.transport === 'tcp' ? TcpServer : UdpServer;
    return new Server(this.#proxy, this.#parts, at);
  }

  /** Puts back what gave way to an endpoint that then could not be opened; closes all where even that fails. */
  async #reopen(gaveWay: ReadonlySet<PortServer>): Promise<void> {
    this.#servers = this.#servers.filter((server) => !gaveWay.has(server));
    try {
      for (const { transport, bound, isSpread = false } of gaveWay) {
        if (!bound) continue;
        this.#servers = [...this.#servers, await this.#listen({ transport, isSpread, ...bound })].sort(byTransport);
      }
    } catch {
      await this.close();
    }
  }

  async #leave(server: PortServer): Promise<void> {
    if (this.#leaving.has(server)) return;
    this.#leaving.add(server);
    await server.close();
  }
}

interface PortWanted extends ListenAt {
  readonly transport: Transport;
  readonly isSpread: boolean;
}
type Wanted = 'inner' | PortWanted;

/** Port 0 stands for whatever port an open server has. */
function wantedEndpoints({ protocol, source }: ProxyConfig, open: readonly PortServer[], spreads: boolean): Wanted[] {
  const { address, port } = source;
  const inner: Wanted[] = protocol === 'http_iotmp' ? ['inner'] : [];
  if (port === undefined) return inner;
  const present = open.find(({ bound }) => bound)?.bound?.port ?? 0;
  const place = { address, port: port || present };
  const ports = transportsOf(protocol).map((transport) => ({
    ...{ transport, ...place },
    isSpread: spreads && transport === 'tcp',
  }));
  return [...inner, ...ports];
}

const byTransport = (a: PortServer, b: PortServer): number => a.transport.localeCompare(b.transport);

const isOnPort = ({ transport, bound }: PortServer, at: PortWanted): boolean =>
  transport === at.transport && bound?.port === at.port;

const isAt = (server: PortServer, at: Wanted): boolean =>
  at === 'inner'
    ? !server.bound
    : isOnPort(server, at) && server.bound?.address === at.address && (server.isSpread ?? false) === at.isSpread;

/** Whether threads can serve a config: they know neither devices, nor plugins, nor certificates. */
export function canSpread(config: ProxyConfig): boolean {
  const { source, target } = config;
  return target.type === 'address' && !deviceOf(config) && !target.secure && !source.secure;
}
