/** A crowd of devices after a restart of the hub (I10), in small; SLUICE_CROWD=1000 makes it the promised figure. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { doors, secret, startHub } from '../../support/hub.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { closeAll } from '../../support/sockets.ts';
import { StockDevice } from '../../support/stock-device.ts';
import { waitFor } from '../../support/wait.ts';

const crowd = Number(process.env.SLUICE_CROWD ?? 150);
const RETRY_MS = 500;

let noLeaks: () => Promise<void>;
beforeAll(() => {
  noLeaks = leakCheck();
});
afterEach(closeAll);
afterAll(() => noLeaks());

/** Tries until it is in, with jitter, as devices do. */
async function comeBack(stock: StockDevice): Promise<void> {
  for (;;) {
    await delay(Math.random() * RETRY_MS);
    try {
      await stock.reconnect();
      return;
    } catch {
      stock.drop();
    }
  }
}

describe('a crowd of devices', () => {
  it(`is back within 30 s when the hub comes back (${crowd} over TLS from one address)`, async () => {
    const names = Array.from({ length: crowd }, (_, index) => `dev-${index}`);
    const start = async (port: number) => {
      const made = await startHub({}, []);
      for (const name of names) made.devices.set(`alice/${name}`, secret);
      await made.hub.apply(doors(['tls'], port));
      return made;
    };
    const first = await start(0);
    const port = first.port('tls');
    const stocks = names.map((device) => new StockDevice({ port, transport: 'tls', device }));
    await Promise.all(stocks.map(comeBack));
    expect(first.hub.status().online).toBe(crowd);
    await first.hub.stop();
    await waitFor(() => stocks.every(({ ended }) => ended), 'all to be cut', 20_000);

    const second = await start(port);
    const began = performance.now();
    await Promise.all(stocks.map(comeBack));
    const tookMs = performance.now() - began;
    expect(second.hub.status().online).toBe(crowd);
    expect(tookMs).toBeLessThan(30_000);
    await second.hub.stop();
  }, 120_000);
});
