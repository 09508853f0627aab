import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Gateway, GatewayAway } from '../../../renderer/api/gateway.ts';
import type { Connection, EndReason, Transport } from '../../../renderer/api/transport.ts';
import type { GatewayEvent } from '../../../shared/status.ts';
import type { SessionView } from '../../../shared/user.ts';
import { sampleHub, sampleSettings } from '../../support/sample-device.ts';
import { sampleProxy } from '../../support/sample-proxy.ts';

const snapshot: GatewayEvent = {
  type: 'snapshot',
  proxies: [sampleProxy()],
  devices: [],
  plugins: [],
  certificates: [],
  hub: sampleHub,
  agents: [],
  settings: sampleSettings,
  captures: [],
  notices: [],
};

/** A connection whose events never end by themselves, and whose heartbeat answers unless it hangs. */
class FakeConnection implements Connection {
  readonly ended: Promise<EndReason>;
  isHanging = false;
  #end: (reason: EndReason) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  readonly link: Connection['link'] = {
    call: async (path) => {
      if (path.join('.') === 'gateway.events') return this.#events();
      if (path.join('.') === 'session.follow') return this.#sessions();
      return this.isHanging ? new Promise(() => {}) : {};
    },
  };

  async *#sessions(): AsyncGenerator<SessionView> {
    const nobody = { name: null, role: null, rights: [], under: null };
    yield { state: 'unguarded', ...nobody, wasPutOff: true, autoLockMinutes: 10, contact: '' };
    await this.ended;
  }

  async *#events(): AsyncGenerator<GatewayEvent> {
    yield snapshot;
    await this.ended;
  }

  close(): void {
    this.#end('gone');
  }

  end(reason: EndReason): void {
    this.#end(reason);
  }
}

class FakeTransport implements Transport {
  readonly connections: FakeConnection[] = [];
  next: 'accept' | EndReason = 'accept';

  async open(): Promise<Connection | EndReason> {
    if (this.next !== 'accept') return this.next;
    const connection = new FakeConnection();
    this.connections.push(connection);
    return connection;
  }
}

let transport: FakeTransport;
let gateway: Gateway;

beforeEach(() => {
  vi.useFakeTimers();
  transport = new FakeTransport();
  gateway = new Gateway(transport);
});

afterEach(() => {
  gateway.stop();
  vi.useRealTimers();
});

it('answers once the first snapshot has come', async () => {
  expect(gateway.snapshot.presence).toBe('connecting');
  gateway.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(gateway.snapshot.presence).toBe('answering');
  expect(gateway.snapshot.proxies.has('plc-pump')).toBe(true);
});

it('keeps the last state while the gateway is away, refuses calls in plain words, and comes back', async () => {
  gateway.start();
  await vi.advanceTimersByTimeAsync(0);
  transport.connections[0]?.end('gone');
  await vi.advanceTimersByTimeAsync(0);
  expect(gateway.snapshot.presence).toBe('away');
  expect(gateway.snapshot.proxies.has('plc-pump')).toBe(true);
  await expect(gateway.client.proxies.remove({ proxy: 'plc-pump' })).rejects.toBeInstanceOf(GatewayAway);
  await vi.advanceTimersByTimeAsync(2000);
  expect(gateway.snapshot.presence).toBe('answering');
  expect(transport.connections).toHaveLength(2);
});

it('notices a gateway that hangs with its socket open', async () => {
  gateway.start();
  await vi.advanceTimersByTimeAsync(0);
  for (const connection of transport.connections) connection.isHanging = true;
  transport.next = 'gone';
  await vi.advanceTimersByTimeAsync(15_000);
  expect(gateway.snapshot.presence).toBe('away');
});

it('does not try a refused token again', async () => {
  transport.next = 'unauthorized';
  gateway.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(gateway.snapshot.presence).toBe('unauthorized');
  expect(vi.getTimerCount()).toBe(0);
});

it('waits longer after each failed try, ten seconds at most', async () => {
  transport.next = 'gone';
  const open = vi.spyOn(transport, 'open');
  gateway.start();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  const tries = open.mock.calls.length;
  expect(tries).toBeGreaterThan(40);
  expect(tries).toBeLessThan(100);
});
