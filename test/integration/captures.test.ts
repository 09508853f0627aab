/** Capturing and counting with the finished program: what is kept is what passed, whatever the kind of the pipe. */
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PayloadEntry, PayloadPage } from '../../shared/capture.ts';
import { type Program, startProgram } from '../support/program.ts';
import { addProxy, statusOf } from '../support/program-proxies.ts';
import { closeAll, connect, echoTarget, readAll, udpClient, udpEcho, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

const MIB = 2 ** 20;

async function payloadOf(program: Program, pipe: string): Promise<PayloadEntry[]> {
  const entries: PayloadEntry[] = [];
  for (let from: number | undefined; ; ) {
    const query = from === undefined ? '' : `?from=${from}`;
    const page = (await program.call('GET', `/v1/pipes/${pipe}/payload${query}`)).body as PayloadPage;
    entries.push(...page.entries);
    from = page.next;
    if (page.atEnd) return entries;
  }
}

const bytesOf = (entries: readonly PayloadEntry[], way: 'received' | 'sent'): Buffer =>
  Buffer.concat(
    entries.flatMap((one) => (one.kind === 'data' && one.way === way ? [Buffer.from(one.base64, 'base64')] : [])),
  );

const pipesOf = async (program: Program, proxy: string, state: 'open' | 'ended') =>
  (await program.call('GET', `/v1/pipes?proxy=${proxy}&state=${state}`)).body as { pipe: string; received: number }[];

async function exchange(socket: net.Socket, data: Buffer): Promise<Buffer> {
  const answer = readAll(socket);
  socket.end(data);
  return await answer;
}

describe.each([
  { where: 'on the main thread', workers: 0 },
  ...(process.platform === 'linux' ? [{ where: 'on threads', workers: 2 }] : []),
])('captures of pipes $where', ({ workers }) => {
  let program: Program;

  beforeAll(async () => {
    const before = await startProgram();
    await before.call('PUT', '/v1/settings', { limits: { workers } });
    await before.stop({ keep: true });
    program = await startProgram(before.folder);
  });
  afterEach(closeAll);
  afterAll(async () => {
    expect(await program.stop(), program.log()).toBe(0);
  });

  it('are found by text and bytes that lie in one read or in two, of their proxy only', async () => {
    const [a, b] = [
      await addProxy(program, 'needle', await echoTarget()),
      await addProxy(program, 'hay', await echoTarget()),
    ];
    for (const proxy of ['needle', 'hay']) await program.call('POST', `/v1/proxies/${proxy}/capture`, {});
    const client = await connect(a);
    client.write('the temp');
    await waitFor(() => client.read()?.toString() === 'the temp', 'the first part');
    client.end(Buffer.concat([Buffer.from('erature is '), Buffer.from([0, 0x64, 0, 0xc8])]));
    await readAll(client);
    await exchange(await connect(b), randomBytes(MIB));
    const [pipe] = await waitFor(async () => {
      const ended = await pipesOf(program, 'needle', 'ended');
      return ended.length === 1 ? ended : undefined;
    }, 'the pipe to end');
    const find = async (what: string, more = '') =>
      (await program.call('GET', `/v1/captures/find?what=${encodeURIComponent(what)}${more}`)).body;
    const found = { pipes: [pipe?.pipe], complete: true };
    expect(await find('temperature')).toEqual(found);
    expect(await find('0x00 64 00 c8')).toEqual(found);
    expect(await find('0x00 64 00 c8', '&proxy=hay')).toEqual({ pipes: [], complete: true });
    expect(await find('Temperature')).toEqual({ pipes: [], complete: true });
    expect((await program.call('GET', '/v1/captures/find?what=')).status).toBe(400);
    for (const proxy of ['needle', 'hay']) await program.call('DELETE', `/v1/proxies/${proxy}/capture`);
  });

  it('hold all bytes of new connections of a proxy, both ways, from the first to the end', async () => {
    const port = await addProxy(program, 'all', await echoTarget());
    expect(await program.call('POST', '/v1/proxies/all/capture', { bytes: 64 * MIB })).toMatchObject({
      status: 200,
      body: { proxy: 'all', armed: true, by: 'control token' },
    });
    const data = Array.from({ length: 8 }, (_, index) => randomBytes(index === 0 ? 3 * MIB : 1000 + index));
    const echoed = await Promise.all(data.map(async (bytes) => exchange(await connect(port), bytes)));
    expect(echoed.every((bytes, index) => bytes.equals(data[index] ?? Buffer.alloc(0)))).toBe(true);
    const pipes = await waitFor(async () => {
      const ended = await pipesOf(program, 'all', 'ended');
      return ended.length === data.length && ended;
    }, 'all connections to end');
    for (const { pipe, received } of pipes) {
      const entries = await payloadOf(program, pipe);
      const sent = data.find(({ length }) => length === received);
      expect(bytesOf(entries, 'received').equals(sent ?? Buffer.alloc(0))).toBe(true);
      expect(bytesOf(entries, 'sent').equals(sent ?? Buffer.alloc(0))).toBe(true);
      expect(entries.filter(({ kind }) => kind === 'gap')).toEqual([]);
      expect(entries.filter(({ kind }) => kind === 'end')).toMatchObject([{ how: 'fin' }, { how: 'fin' }]);
    }
    const stopped = await program.call('DELETE', '/v1/proxies/all/capture');
    expect(stopped.body).toMatchObject({ armed: false, pipes: data.length, missed: 0 });
  });

  it('begin with an open connection at the byte where they were armed, and end when told to', async () => {
    const port = await addProxy(program, 'one', await echoTarget());
    const client = await connect(port);
    client.write('before');
    await once(client, 'data');
    const pipe = await waitFor(async () => (await pipesOf(program, 'one', 'open'))[0]?.pipe, 'the pipe');
    expect((await program.call('POST', `/v1/pipes/${pipe}/capture`, {})).status).toBe(200);
    expect((await program.call('POST', `/v1/pipes/${pipe}/capture`, {})).body.error.code).toBe('CAPTURE_RUNNING');
    client.write('while');
    await once(client, 'data');
    await program.call('DELETE', `/v1/pipes/${pipe}/capture`);
    client.write('after');
    await once(client, 'data');
    expect(await payloadOf(program, pipe)).toMatchObject([
      { way: 'received', offset: 6, base64: Buffer.from('while').toString('base64') },
      { way: 'sent', offset: 6, base64: Buffer.from('while').toString('base64') },
    ]);
    expect((await program.call('GET', `/v1/pipes/${pipe}`)).body.capture).toMatchObject({ armed: false });
  });

  it('hold datagrams one by one', async () => {
    const port = await addProxy(program, 'udp', await udpEcho(), { protocol: 'udp' });
    await program.call('POST', '/v1/proxies/udp/capture', {});
    const client = await udpClient(port);
    for (const size of [1, 1400, 60_000]) {
      client.send(Buffer.alloc(size, 'u'));
      await once(client, 'message');
    }
    const [{ pipe } = { pipe: '' }] = await pipesOf(program, 'udp', 'open');
    const sizes = (await payloadOf(program, pipe)).map((one) => one.kind === 'data' && [one.way, one.base64.length]);
    expect(sizes).toEqual(
      [1, 1400, 60_000].flatMap((size) => {
        const length = Math.ceil(size / 3) * 4;
        return [
          ['received', length],
          ['sent', length],
        ];
      }),
    );
  });

  it('hold what is within TLS, decrypted', async () => {
    const port = await unusedPort();
    await addProxy(program, 'tls', await echoTarget(), { source: { port, secure: true } });
    await program.call('POST', '/v1/proxies/tls/capture', {});
    const client = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(client, 'secureConnect');
    client.write('secret words');
    await once(client, 'data');
    const [{ pipe } = { pipe: '' }] = await pipesOf(program, 'tls', 'open');
    expect(bytesOf(await payloadOf(program, pipe), 'received').toString()).toBe('secret words');
    client.destroy();
  });

  it('are refused without a token, for a proxy that is not there, and with a budget out of bounds', async () => {
    const stranger = await fetch(`${program.url}/v1/captures`);
    expect(stranger.status).toBe(401);
    expect((await program.call('POST', '/v1/proxies/no/capture', {})).body.error.code).toBe('PROXY_NOT_FOUND');
    const small = await program.call('POST', '/v1/proxies/all/capture', { bytes: 1 });
    expect(small.body.error.details.issues).toMatchObject([{ path: 'bytes' }]);
  });

  it('leave the counters as they are: exact for 1,000 connections of random size, while open and after', async () => {
    const port = await addProxy(program, 'exact', await echoTarget());
    const sizes = Array.from({ length: 1000 }, () => randomInt(1, 20_000));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    for (let at = 0; at < sizes.length; at += 250) {
      const clients = await Promise.all(
        sizes.slice(at, at + 250).map(async (size) => {
          const client = await connect(port);
          let left = size;
          const whole = new Promise<void>((resolve) => {
            client.on('data', (chunk) => {
              left -= chunk.length;
              if (left === 0) resolve();
            });
          });
          client.write(Buffer.alloc(size, 'c'));
          await whole;
          return client;
        }),
      );
      await waitFor(async () => {
        const open = await pipesOf(program, 'exact', 'open');
        const seen = open.map(({ received }) => received).sort((a, b) => a - b);
        return String(seen) === String(sizes.slice(at, at + 250).sort((a, b) => a - b));
      }, 'the counters of open connections');
      for (const client of clients) client.end();
      await waitFor(async () => (await statusOf(program, 'exact')).pipes.open === 0, 'all to end');
    }
    expect((await statusOf(program, 'exact')).bytes).toEqual({ received: total, sent: total });
    expect((await statusOf(program, 'exact')).pipes).toMatchObject({ total: 1000, failed: 0 });
  });
});
