/** Devices with portals at a gateway under test: the built `sluice device`, over TLS with the hub's certificate pinned. */
import { expect } from 'vitest';
import { type DeviceProcess, startDevice } from './device-process.ts';
import type { Call } from './rest.ts';
import { waitFor } from './wait.ts';

const credentials = 'long enough for a test';

export class PortalDevices {
  readonly #call: Call;
  readonly #hub: number;
  readonly #running: DeviceProcess[] = [];

  /** @param hub  port of its TLS listener */
  constructor(call: Call, hub: number) {
    this.#call = call;
    this.#hub = hub;
  }

  async add(device: string): Promise<DeviceProcess> {
    await this.#call('POST', '/v1/users/gateway/devices', { device, credentials });
    return await this.start(device);
  }

  async start(device: string): Promise<DeviceProcess> {
    const { fingerprint } = (await this.#call('GET', '/v1/hub')).body;
    const started = startDevice({
      ...{ hub: this.#hub, user: 'gateway', device, credentials, transport: 'tls' },
      more: ['--verify', `pin:${fingerprint}`],
    });
    this.#running.push(started);
    return started;
  }

  /** Resolves once it can be opened. */
  async addPortal(device: string, proxy: string, port: number, portal: object = {}): Promise<void> {
    const { status } = await this.#call('POST', '/v1/proxies', {
      proxy,
      name: proxy,
      config: {
        protocol: 'http_iotmp',
        target: { type: 'address', user: 'gateway', device, address: '127.0.0.1', port },
        portal,
      },
    });
    expect(status).toBe(200);
    await waitFor(
      async () => (await this.#call('GET', `/v1/proxies/${proxy}/status`)).body.state === 'listening',
      `${proxy} to be listening`,
      15_000,
    );
  }

  async stop(): Promise<void> {
    for (const device of this.#running.splice(0)) await device.stop();
  }
}
