/** Proxies that are open for a time, with the finished program: real sockets, real clock, a restart in between. */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from '../support/program.ts';
import { addProxy, statusOf } from '../support/program-proxies.ts';
import { attempt, closeAll, connect, echoTarget, readAll } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterEach(closeAll);
afterAll(async () => {
  expect(await program.stop(), program.log()).toBe(0);
});

const lend = (proxy: string, body: object) => program.call('POST', `/v1/proxies/${proxy}/lease`, body);
const hasState = (proxy: string, state: string) =>
  waitFor(async () => (await statusOf(program, proxy)).state === state, `${proxy} to be ${state}`, 20_000);

async function disabled(proxy: string): Promise<number> {
  const port = await addProxy(program, proxy, await echoTarget());
  await program.call('PUT', `/v1/proxies/${proxy}`, { enabled: false });
  expect(await attempt(port)).toBe('ECONNREFUSED');
  return port;
}

async function talks(port: number) {
  const client = await connect(port);
  client.write('hello');
  expect(String((await once(client, 'data'))[0])).toBe('hello');
  return client;
}

describe('a lease', () => {
  it('opens a disabled proxy, serves, and closes port and pipes at its end by itself', async () => {
    const port = await disabled('timed');
    const { status, body } = await lend('timed', { minutes: 1 / 20 });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { state: 'listening', lease: { kind: 'time', by: 'control token' } },
    });
    const client = await talks(port);
    const rest = readAll(client);
    await hasState('timed', 'disabled');
    expect((await rest).length).toBe(0);
    expect(Date.now()).toBeGreaterThanOrEqual(body.lease.until);
    expect(await attempt(port)).toBe('ECONNREFUSED');
    const [pipe] = (await program.call('GET', '/v1/pipes?proxy=timed&state=ended')).body;
    expect(pipe).toMatchObject({ reason: 'proxy_stopped' });
    expect((await program.call('GET', '/v1/proxies/timed')).body).toMatchObject({ enabled: false });
    expect(program.log()).toContain('Proxy timed was open for a time; its time was over.');
  });

  it('goes on after a restart, and one that ended meanwhile does not', async () => {
    const [longer, shorter] = [await disabled('longer'), await disabled('shorter')];
    const { until } = (await lend('longer', { minutes: 30 })).body.lease;
    const short = (await lend('shorter', { minutes: 1 / 30 })).body.lease.until;
    await program.stop({ keep: true, signal: 'SIGKILL' });
    await waitFor(() => Date.now() > short, 'the shorter one to be over', 10_000);
    program = await startProgram(program.folder);
    expect(await attempt(shorter)).toBe('ECONNREFUSED');
    expect((await statusOf(program, 'longer')).lease).toMatchObject({ until });
    await talks(longer);
    expect((await program.call('DELETE', '/v1/proxies/longer/lease')).body).toMatchObject({ state: 'disabled' });
    expect(await attempt(longer)).toBe('ECONNREFUSED');
    expect((await program.call('DELETE', '/v1/proxies/longer/lease')).body.error.code).toBe('LEASE_NOT_FOUND');
  });

  it('until the client leaves stays while one is there and ends after it', async () => {
    const port = await disabled('visit');
    expect((await lend('visit', { untilClientLeaves: true })).body.lease).toMatchObject({ kind: 'client' });
    const client = await talks(port);
    await waitFor(async () => (await statusOf(program, 'visit')).lease.until === null, 'the client to be seen');
    client.destroy();
    await hasState('visit', 'disabled');
    expect(await attempt(port)).toBe('ECONNREFUSED');
  });

  it('is extended, and left open for good', async () => {
    const port = await disabled('kept');
    const { until } = (await lend('kept', { minutes: 5 })).body.lease;
    expect((await lend('kept', { minutes: 30, extend: true })).body.lease.until).toBe(until + 30 * 60_000);
    const kept = await program.call('POST', '/v1/proxies/kept/lease/keep');
    expect(kept.body).toMatchObject({ state: 'listening' });
    expect(kept.body.lease).toBeUndefined();
    expect((await program.call('GET', '/v1/proxies/kept')).body).toMatchObject({ enabled: true });
    await talks(port);
  });

  it.each([
    [{}, 'minutes', 'Say minutes, until or untilClientLeaves, and only one of them.'],
    [{ minutes: 5, until: 9e12 }, 'minutes', 'Say minutes, until or untilClientLeaves, and only one of them.'],
    [{ minutes: 0 }, 'minutes', 'Use at least a second.'],
    [{ until: 1000 }, 'until', 'Use a time that is to come.'],
  ])('that makes no sense is refused with the field: %j', async (body, path, message) => {
    await addProxy(program, 'asked', 9);
    const refused = await lend('asked', body);
    expect(refused).toMatchObject({ status: 400, body: { error: { details: { issues: [{ path, message }] } } } });
    await program.call('DELETE', '/v1/proxies/asked');
  });
});
