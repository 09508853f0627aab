import { ORPCError } from '@orpc/client';
import { expect, it } from 'vitest';
import type { Client } from '../../../../renderer/api/gateway.ts';
import { bulkText, runBulk } from '../../../../renderer/features/proxies/bulk.ts';
import { exportText } from '../../../../renderer/features/proxies/export-proxies.ts';
import { nextTime } from '../../../../renderer/features/proxies/next-time.ts';
import { duplicating, enabling, removing } from '../../../../renderer/features/proxies/proxy-calls.ts';
import { proxyInput } from '../../../../shared/proxy.ts';
import { NOW, sampleProxy } from '../../../support/sample-proxy.ts';

const refusal = new ORPCError('CONFIG_NOT_SAVED', {
  message: 'The disk is full.',
  data: { next: 'Make room.', details: {} },
});

/** A gateway that refuses what concerns `bad`. */
function gateway() {
  const calls: unknown[] = [];
  const take = async (id: string, call: unknown): Promise<void> => {
    if (id === 'bad') throw refusal;
    calls.push(call);
  };
  const client = {
    proxies: {
      switch: (input: { params: { proxy: string }; body: object }) => take(input.params.proxy, input),
      remove: (input: { proxy: string }) => take(input.proxy, input),
      create: (input: { proxy: string }) => take(input.proxy === 'bad-2' ? 'bad' : '', input),
    },
  } as unknown as Client;
  return { client, calls };
}

const views = ['one', 'bad', 'two'].map((proxy) => sampleProxy({ proxy, name: proxy.toUpperCase(), enabled: false }));

it('does all that can be done and tells what not and why', async () => {
  const { client, calls } = gateway();
  const on = sampleProxy({ proxy: 'on' });
  const result = await runBulk(client, enabling([...views, on], true));
  expect(calls).toHaveLength(2);
  expect(result).toEqual({
    done: 'enabled',
    worked: [
      { proxy: 'one', name: 'ONE' },
      { proxy: 'two', name: 'TWO' },
    ],
    failed: [{ proxy: 'bad', name: 'BAD', why: 'The disk is full. Make room.' }],
    left: 1,
  });
  expect(bulkText(result)).toBe('2 proxies enabled, 1 not, 1 was so already');
});

it.each([
  [{ done: 'removed', worked: [views[0]], failed: [], left: 0 }, '1 proxy removed'],
  [{ done: 'enabled', worked: [], failed: [], left: 3 }, '0 proxies enabled, 3 were so already'],
  [{ done: 'enabled', worked: [], failed: [views[0]], left: 0 }, '1 proxy not enabled'],
])('is told in short', (result, text) => expect(bulkText(result as never)).toBe(text));

it('removes, and duplicates with tags but without hours, disabled and under IDs of their own', async () => {
  const { client, calls } = gateway();
  expect((await runBulk(client, removing(views))).failed).toHaveLength(1);
  calls.length = 0;
  const schedule = { days: ['mon' as const], from: '08:00', to: '09:00' };
  const view = sampleProxy({ proxy: 'plc', tags: ['water'], schedule });
  await runBulk(client, duplicating([view, view, ...views.slice(1, 2)], ['plc', 'bad']));
  expect(calls).toMatchObject([
    { proxy: 'plc-2', enabled: false, tags: ['water'] },
    { proxy: 'plc-3', name: 'Pump PLC copy' },
  ]);
  expect(calls[0]).not.toHaveProperty('schedule');
});

it('exports what can be sent back as it is, without states', () => {
  const [one = views[0], ...rest] = JSON.parse(exportText(views));
  expect(rest).toHaveLength(2);
  expect(one).not.toHaveProperty('status');
  expect(proxyInput.safeParse(one).error).toBeUndefined();
  expect(JSON.parse(exportText(views.slice(0, 1)))).toMatchObject({ proxy: 'one' });
});

it.each([
  ['14:30', '2026-11-22T14:30'],
  ['9.05', '2026-11-23T09:05'],
  ['14:00', '2026-11-23T14:00'],
])('takes %s as the next such time', (text, at) => expect(nextTime(text, NOW)).toBe(new Date(at).getTime()));

it.each(['', '24:00', '14', 'noon'])('takes %j as no time', (text) => expect(nextTime(text, NOW)).toBeUndefined());
