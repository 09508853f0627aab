/** `/metrics`: figures of the gateway and of its process as Prometheus text. They are read when somebody asks. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DeviceView } from '../../shared/device.ts';
import { proxyStates } from '../../shared/status.ts';
import type { GatewayParts } from '../api/context.ts';

const PROXY = ['proxy'] as const;
const deviceStates = ['online', 'offline', 'disabled'] as const;

export class Metrics {
  readonly #gateway: GatewayParts;
  readonly #registry = new Registry();
  readonly #bytes: Counter<'proxy' | 'direction'>;
  readonly #total: Counter<'proxy'>;
  readonly #failed: Counter<'proxy'>;
  readonly #refused: Counter<'proxy' | 'reason'>;
  readonly #dropped: Counter<'proxy'>;
  readonly #open: Gauge<'proxy'>;
  readonly #state: Gauge<'proxy' | 'state'>;
  readonly #devices: Gauge<'state'>;
  readonly #deviceBytes: Counter<'user' | 'device' | 'direction'>;
  readonly #deviceStreams: Gauge<'user' | 'device'>;
  readonly #uptime: Gauge;

  constructor(gateway: GatewayParts) {
    this.#gateway = gateway;
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#bytes = new Counter({
      name: 'sluice_proxy_bytes_total',
      help: 'Payload bytes; received is from the source side, sent is back to it.',
      labelNames: ['proxy', 'direction'],
      registers,
    });
    this.#total = new Counter({
      name: 'sluice_proxy_pipes_total',
      help: 'Pipes opened so far.',
      labelNames: PROXY,
      registers,
    });
    this.#failed = new Counter({
      name: 'sluice_proxy_target_failures_total',
      help: 'Tries to reach the target that failed.',
      labelNames: PROXY,
      registers,
    });
    this.#refused = new Counter({
      name: 'sluice_proxy_refused_total',
      help: 'Clients turned away, by reason.',
      labelNames: ['proxy', 'reason'],
      registers,
    });
    this.#dropped = new Counter({
      name: 'sluice_proxy_datagrams_dropped_total',
      help: 'UDP datagrams that could not be passed on.',
      labelNames: PROXY,
      registers,
    });
    this.#open = new Gauge({
      name: 'sluice_proxy_pipes',
      help: 'Pipes open now.',
      labelNames: PROXY,
      registers,
    });
    this.#state = new Gauge({
      name: 'sluice_proxy_state',
      help: '1 for the state that the proxy is in.',
      labelNames: ['proxy', 'state'],
      registers,
    });
    this.#devices = new Gauge({
      name: 'sluice_devices',
      help: 'Registered devices, by state.',
      labelNames: ['state'],
      registers,
    });
    this.#deviceBytes = new Counter({
      name: 'sluice_device_bytes_total',
      help: 'Bytes on the wire; received is from the device, sent is to it.',
      labelNames: ['user', 'device', 'direction'],
      registers,
    });
    this.#deviceStreams = new Gauge({
      name: 'sluice_device_streams',
      help: 'Streams open through the device now.',
      labelNames: ['user', 'device'],
      registers,
    });
    this.#uptime = new Gauge({ name: 'sluice_uptime_seconds', help: 'Since the gateway was started.', registers });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    for (const metric of [this.#bytes, this.#total, this.#failed, this.#refused, this.#dropped]) metric.reset();
    this.#open.reset();
    this.#state.reset();
    this.#uptime.set(this.#gateway.uptimeMs / 1000);
    this.#measureDevices();
    for (const { proxy, status } of this.#gateway.profiles.list()) {
      this.#bytes.inc({ proxy, direction: 'received' }, status.bytes.received);
      this.#bytes.inc({ proxy, direction: 'sent' }, status.bytes.sent);
      this.#total.inc({ proxy }, status.pipes.total);
      this.#failed.inc({ proxy }, status.pipes.failed);
      this.#refused.inc({ proxy, reason: 'limit' }, status.pipes.refused.limit);
      this.#refused.inc({ proxy, reason: 'allow' }, status.pipes.refused.allow);
      this.#refused.inc({ proxy, reason: 'tls' }, status.pipes.refused.tls);
      this.#dropped.inc({ proxy }, status.dropped);
      this.#open.set({ proxy }, status.pipes.open);
      for (const state of proxyStates) this.#state.set({ proxy, state }, state === status.state ? 1 : 0);
    }
    return await this.#registry.metrics();
  }

  #measureDevices(): void {
    this.#deviceBytes.reset();
    this.#deviceStreams.reset();
    for (const state of deviceStates) this.#devices.set({ state }, 0);
    for (const view of this.#gateway.devices.list()) {
      const { user, device, connection } = view;
      this.#devices.inc({ state: stateOf(view) });
      this.#deviceBytes.inc({ user, device, direction: 'received' }, connection.bytes.received);
      this.#deviceBytes.inc({ user, device, direction: 'sent' }, connection.bytes.sent);
      this.#deviceStreams.set({ user, device }, connection.streams);
    }
  }
}

function stateOf({ enabled, connection }: DeviceView): (typeof deviceStates)[number] {
  if (!enabled) return 'disabled';
  return connection.active ? 'online' : 'offline';
}
