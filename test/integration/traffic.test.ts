import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from '../support/program.ts';
import {
  closeAll,
  connect,
  echoTarget,
  outcome,
  readAll,
  sha256,
  tcpTarget,
  udpClient,
  udpEcho,
  unusedPort,
} from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

describe('the running program', () => {
  let program: Program;

  beforeAll(async () => {
    program = await startProgram();
  });
  afterEach(closeAll);
  afterAll(async () => {
    expect(await program.stop(), program.log()).toBe(0);
  });

  /** Adds a proxy with a body as Thinger.io's API publishes it. */
  async function add(proxy: string, protocol: 'tcp' | 'udp', target: number): Promise<number> {
    const port = await unusedPort();
    const secure = protocol === 'tcp' ? { secure: false } : {};
    const answer = await program.call('POST', '/v1/proxies', {
      proxy,
      name: proxy,
      description: 'as Thinger.io sends it',
      enabled: true,
      config: {
        protocol,
        source: { port, ...secure },
        target: { type: 'address', address: '127.0.0.1', port: target, ...secure },
      },
    });
    expect(answer).toMatchObject({ status: 200, body: { proxy, enabled: true } });
    return port;
  }

  const status = async (proxy: string) => (await program.call('GET', `/v1/proxies/${proxy}/status`)).body;

  it('passes 64 MiB each way on 20 pipes at once with equal hashes', async () => {
    const port = await add('bulk', 'tcp', await echoTarget());
    const data = randomBytes(64 * 1024 * 1024);
    const wanted = sha256(data);
    const hashes = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const client = await connect(port);
        client.end(data);
        const hash = createHash('sha256');
        for await (const chunk of client) hash.update(chunk as Buffer);
        return hash.digest('hex');
      }),
    );
    expect(hashes).toEqual(new Array(20).fill(wanted));
    const bytes = 20 * data.length;
    expect((await status('bulk')).bytes).toEqual({ received: bytes, sent: bytes });
  });

  it('loses nothing when either side says FIN first, on 100 pipes with 1 MiB each way', async () => {
    const data = randomBytes(1024 * 1024);
    const heard: Promise<Buffer>[] = [];
    const answersAfterFin = await tcpTarget((socket) => {
      heard.push(readAll(socket));
      socket.on('end', () => socket.end(data));
    });
    const saysFinFirst = await tcpTarget((socket) => {
      heard.push(readAll(socket));
      socket.end(data);
    });
    const ports = [await add('client-fin', 'tcp', answersAfterFin), await add('target-fin', 'tcp', saysFinFirst)];
    const wanted = sha256(data);
    const clients = ports.flatMap((port) =>
      Array.from({ length: 50 }, async () => {
        const client = await connect(port);
        if (port === ports[0]) client.end(data);
        const answer = await readAll(client);
        if (port === ports[1]) client.end(data);
        return sha256(answer);
      }),
    );
    expect(new Set(await Promise.all(clients))).toEqual(new Set([wanted]));
    expect(new Set((await Promise.all(heard)).map(sha256))).toEqual(new Set([wanted]));
    expect(heard).toHaveLength(100);
  });

  it('brings RST over as RST, 100 of 100 in each direction', async () => {
    const far: net.Socket[] = [];
    const port = await add('reset', 'tcp', await tcpTarget((socket) => far.push(socket)));
    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, number) => {
        const client = await connect(port);
        client.write(`${number}\n`);
        return client;
      }),
    );
    await waitFor(() => far.length === 200, 'the target to have all');
    const numbered = await Promise.all(
      far.map(async (socket) => ({ socket, number: Number(String((await once(socket, 'data'))[0])) })),
    );
    const outcomes = numbered.map(({ socket, number }) => {
      const [resetting, watching] = number % 2 ? [seen[number], socket] : [socket, seen[number]];
      const result = outcome(watching as net.Socket);
      resetting?.resetAndDestroy();
      return result;
    });
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['ECONNRESET']));
    await waitFor(async () => (await status('reset')).pipes.open === 0, 'all pipes to end');
    const ended = (await program.call('GET', '/v1/pipes?proxy=reset&state=ended')).body as { reason: string }[];
    expect(ended.filter((pipe) => pipe.reason === 'client_reset')).toHaveLength(100);
    expect(ended.filter((pipe) => pipe.reason === 'target_reset')).toHaveLength(100);
  });

  it('brings every datagram of 100 UDP clients back to its own', async () => {
    const port = await add('udp', 'udp', await udpEcho());
    const wrong = await Promise.all(
      Array.from({ length: 100 }, async (_, number) => {
        const client = await udpClient(port);
        const answers: string[] = [];
        client.on('message', (datagram) => answers.push(datagram.toString()));
        for (let turn = 0; turn < 20; turn++) {
          client.send(`${number}/${turn}`);
          await waitFor(() => answers.length > turn, `answer ${turn} to ${number}`);
        }
        return answers.filter((answer, turn) => answer !== `${number}/${turn}`);
      }),
    );
    expect(wrong.flat()).toEqual([]);
    expect(await status('udp')).toMatchObject({ dropped: 0, pipes: { open: 100 } });
  });

  it('shows counters while a connection is open, and kills it when asked', async () => {
    const port = await add('watch', 'tcp', await echoTarget());
    const client = await connect(port);
    client.write('hello');
    await once(client, 'data');
    const [pipe] = (await program.call('GET', '/v1/pipes?proxy=watch')).body;
    expect(pipe).toMatchObject({ state: 'open', received: 5, sent: 5, transport: 'tcp' });
    const end = outcome(client);
    expect((await program.call('DELETE', `/v1/pipes/${pipe.pipe}`)).body.reason).toBe('killed');
    expect(await end).toBe('ECONNRESET');
  });
});
