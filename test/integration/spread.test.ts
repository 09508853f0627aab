/** The finished program with its connections spread over threads: the built thread is there, and does what the main one does. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mostThreads } from '../../main/engine/spread/crew.ts';
import { type Program, startProgram } from '../support/program.ts';
import { closeAll, connect, echoTarget, outcome, readAll, sha256, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

/** How often a port of IPv4 is being listened on, by whatever thread. */
function listenersOn(port: number): number {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  return rows.filter(([, local, , state]) => local?.endsWith(suffix) && state === '0A').length;
}

describe.skipIf(mostThreads() < 2)('the running program with two threads for connections', () => {
  let program: Program;

  beforeAll(async () => {
    const before = await startProgram();
    const answer = await before.call('PUT', '/v1/settings', { limits: { workers: 2 } });
    expect(answer).toMatchObject({ status: 200, body: { limits: { workers: 2 } } });
    await before.stop({ keep: true });
    program = await startProgram(before.folder);
  });
  afterEach(closeAll);
  afterAll(async () => {
    expect(await program.stop(), program.log()).toBe(0);
  });

  async function add(proxy: string, target: number): Promise<number> {
    const port = await unusedPort();
    const config = {
      protocol: 'tcp',
      source: { port },
      target: { type: 'address', address: '127.0.0.1', port: target },
    };
    expect((await program.call('POST', '/v1/proxies', { proxy, name: proxy, config })).status).toBe(200);
    return port;
  }
  const status = async (proxy: string) => (await program.call('GET', `/v1/proxies/${proxy}/status`)).body;
  const openPipes = async () => (await program.call('GET', '/v1/pipes?state=open')).body;

  it('opens the port in both, and loses no byte and no FIN', async () => {
    const port = await add('both', await echoTarget());
    expect(listenersOn(port)).toBe(2);
    const data = randomBytes(4 * 1024 * 1024);
    const hashes = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const client = await connect(port);
        client.end(data);
        return sha256(await readAll(client));
      }),
    );
    expect(hashes).toEqual(Array(30).fill(sha256(data)));
    await waitFor(async () => (await status('both')).pipes.open === 0, 'all pipes to end');
    const bytes = 30 * data.length;
    expect(await status('both')).toMatchObject({ bytes: { received: bytes, sent: bytes }, pipes: { total: 30 } });
  });

  it('lists and kills pipes of both', async () => {
    const port = await add('kill', await echoTarget());
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect(port)));
    await Promise.all(
      clients.map(async (client) => {
        client.write('x');
        await once(client, 'data');
      }),
    );
    const pipes = await waitFor(async () => {
      const open = await openPipes();
      return open.length === 20 && open;
    }, '20 pipes');
    const ends = clients.map(outcome);
    for (const { pipe } of pipes) expect((await program.call('DELETE', `/v1/pipes/${pipe}`)).status).toBe(200);
    expect(new Set(await Promise.all(ends))).toEqual(new Set(['ECONNRESET']));
    await waitFor(async () => (await openPipes()).length === 0, 'no pipe');
  });

  it('frees the port in both when the proxy is removed', async () => {
    const port = await add('gone', await echoTarget());
    const client: net.Socket = await connect(port);
    const end = once(client.resume(), 'end');
    expect((await program.call('DELETE', '/v1/proxies/gone')).status).toBe(200);
    await end;
    expect(listenersOn(port)).toBe(0);
  });
});
