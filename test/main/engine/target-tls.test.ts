/** Targets with TLS: who is the right one, what is said of the others, and that those get nothing (P10). */
import { constants, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import { TlsContexts } from '../../../main/engine/tls-contexts.ts';
import type { ProxyStatus } from '../../../shared/status.ts';
import { fingerprintOf, issue, type Pair } from '../../support/certificates.ts';
import { makeEngine, openPort, profile } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { attempt, closeAll, connect, onClose, outcome, readAll, tcpTarget, unusedPort } from '../../support/sockets.ts';
import { TestDesk } from '../../support/tls-desk.ts';
import { tlsTarget } from '../../support/tls-sockets.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();

const here = { names: ['localhost'], addresses: ['127.0.0.1'] };
const plant = issue({ isAuthority: true });
const other = issue({ isAuthority: true });
const good = issue({ ...here, issuer: plant });
const selfSigned = issue(here);

let engine: Engine;
let desk: TestDesk;

beforeEach(async () => {
  desk = new TestDesk().trustOnly(plant);
  engine = makeEngine({ certificates: desk });
  await engine.start([]);
});
afterEach(async () => {
  await engine.stop({ deadlineMs: 0 });
  closeAll();
});
afterAll(nothingLeft);

/** A TLS target that notes the application bytes it gets, and answers with them. */
async function target(pair: Pair, options: object = {}): Promise<{ readonly port: number; heard(): number }> {
  let heard = 0;
  const port = await tlsTarget(
    (socket) => {
      socket.on('data', (chunk) => {
        heard += chunk.length;
      });
      socket.pipe(socket);
    },
    { ...pair, ...options },
  );
  return { port, heard: () => heard };
}

const secure = (port: number, targetTls: object = {}) => profile('plc', { target: port, secure: true, targetTls });

/** What a client gets back that sends at once and ends. */
async function ask(port: number, text = 'secret'): Promise<string> {
  const client = await connect(port);
  client.end(text);
  return (await readAll(client)).toString();
}

/** Sends at once, and gives the fault that the proxy then shows. */
async function failed(port: number): Promise<NonNullable<ProxyStatus['error']>> {
  const client = await connect(port);
  client.end('secret');
  expect(await outcome(client)).toBe('ECONNRESET');
  return await waitFor(() => engine.status('plc').error, 'a fault');
}

describe('a target whose certificate is', () => {
  it('good gets what the client sent before TLS was agreed, all of it', async () => {
    const { port } = await target(good);
    const data = randomBytes(1024 * 1024).toString('hex');
    expect(await ask(await openPort(engine, secure(port)), data)).toBe(data);
    expect(engine.status('plc')).toMatchObject({ state: 'listening', error: null });
    await waitFor(() => engine.pipes.list({ state: 'ended' })[0], 'the end of the pipe');
    expect(engine.pipes.list({})[0]?.tls).toEqual({
      target: { version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_AES/), peer: 'test' },
    });
  });

  it.each([
    [
      'expired',
      issue({ ...here, issuer: plant, from: -9, to: -3 }),
      'TLS_EXPIRED',
      /^The certificate of 127\.0\.0\.1 ended on \d+ \w{3} \d{4}\. This PC's clock says /,
    ],
    [
      'not yet valid',
      issue({ ...here, issuer: plant, from: 3 }),
      'TLS_NOT_YET_VALID',
      /begins on \d+ \w{3} \d{4}\. This PC's clock says /,
    ],
    ['self-signed', selfSigned, 'TLS_SELF_SIGNED', /is signed by itself/],
    [
      'of another CA',
      issue({ ...here, issuer: other }),
      'TLS_UNKNOWN_ISSUER',
      /signed by CA \w+, which this PC does not trust/,
    ],
    [
      'for another name',
      issue({ names: ['panel-01'], issuer: plant }),
      'TLS_WRONG_NAME',
      /^The certificate is for panel-01, not for 127\.0\.0\.1\.$/,
    ],
  ])(
    '%s gets no byte, and it is said why; it works on the next connection when that is mended',
    async (_, pair, code, words) => {
      const bad = await target(pair);
      const port = await openPort(engine, secure(bad.port));
      const fault = await failed(port);
      expect(fault).toMatchObject({ code, hop: 'target', details: { fingerprint: fingerprintOf(pair) } });
      expect(fault.message).toMatch(words);
      expect(engine.status('plc').state).toBe('degraded');
      expect(bad.heard()).toBe(0);
      closeAll();
      await target(good, { port: bad.port });
      expect(await ask(port)).toBe('secret');
      expect(engine.status('plc').state).toBe('listening');
    },
  );

  it('out of date is blamed on the clock of this PC where that is the likelier fault', async () => {
    desk.doubt = 'The clock of this PC is probably wrong.';
    const { port } = await target(issue({ ...here, issuer: plant, from: 3 }));
    expect((await failed(await openPort(engine, secure(port)))).next).toBe(desk.doubt);
  });
});

describe('a target that', () => {
  it('offers only TLS 1.1 gets no byte, unless old TLS is allowed for the proxy', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' };
    const { port: at, heard } = await target(good, old);
    const port = await openPort(engine, secure(at));
    expect((await failed(port)).code).toBe('TLS_OLD_ONLY');
    expect(heard()).toBe(0);
    await engine.replace(secure(at, { oldTls: true }));
    expect(await ask(port)).toBe('secret');
    expect(engine.pipes.list({})[0]?.tls?.target?.version).toBe('TLSv1.1');
  });

  it('answers in plain text is said to', async () => {
    const plain = await tcpTarget((socket) => void socket.end('220 plain.example ready\r\n'));
    expect(await failed(await openPort(engine, secure(plain)))).toMatchObject({
      code: 'TLS_PLAIN_ANSWER',
      message: 'We spoke TLS, 127.0.0.1 answered in plain text.',
    });
  });

  it.each([
    ['ends', (socket: net.Socket) => void socket.once('data', () => socket.end())],
    ['resets', (socket: net.Socket) => void socket.once('data', () => socket.resetAndDestroy())],
  ])('%s the connection during the handshake is said to', async (_, end) => {
    expect((await failed(await openPort(engine, secure(await tcpTarget(end))))).code).toBe('TLS_CLOSED');
  });

  it('takes the connection and is silent is given up after the connect time-out', async () => {
    const silent = await tcpTarget((socket) => void socket.resume());
    const limits = { connectTimeoutMs: 300 };
    const port = await openPort(engine, profile('plc', { target: silent, secure: true, limits }));
    const fault = await failed(port);
    expect(fault.code).toBe('TLS_SILENT');
    expect(fault.message).toBe('127.0.0.1 took the connection but did not answer in TLS within 0.3 s.');
  });

  it('cannot be reached at all is told as without TLS', async () => {
    const port = await openPort(engine, secure(await unusedPort()));
    expect((await failed(port)).code).toBe('TARGET_REFUSED');
  });
});

it.each(['localhost', '127.0.0.1'])(
  'a port of Sluice is refused as a target, here as %s, before it is reached',
  async (name) => {
    desk.show('gateway', good);
    const own = await openPort(engine, profile('own', { target: await unusedPort(), source: { secure: true } }));
    const loop = { target: own, targetAddress: name, secure: true };
    expect(await attempt(await openPort(engine, profile('plc', loop)))).toBe('ECONNRESET');
    expect(engine.status('plc').error).toMatchObject({
      code: 'TARGET_IS_SOURCE',
      details: { owner: 'proxy own' },
    });
    expect(engine.status('own').pipes).toMatchObject({ total: 0, refused: { tls: 0 } });
    expect(engine.status('own').rejected).toBeNull();
  },
);

describe('a pinned certificate', () => {
  it('is enough, whatever its name, dates and issuer', async () => {
    const odd = issue({ names: ['elsewhere'], from: -9, to: -3 });
    const { port } = await target(odd);
    expect(await ask(await openPort(engine, secure(port, { verify: `pin:${fingerprintOf(odd)}` })))).toBe('secret');
  });

  it('keeps out every other one; a renewed one is pinned without restart and without a closed port', async () => {
    const { port: at, heard } = await target(good);
    const port = await openPort(engine, secure(at, { verify: `pin:${fingerprintOf(selfSigned)}` }));
    const fault = await failed(port);
    expect(fault).toMatchObject({ code: 'TLS_PIN_MISMATCH', details: { fingerprint: fingerprintOf(good) } });
    expect(heard()).toBe(0);
    await engine.replace(secure(at, { verify: `pin:${fingerprintOf(good).replaceAll(':', '').toLowerCase()}` }));
    expect(await ask(port)).toBe('secret');
  });
});

describe('trust', () => {
  it('in one CA alone leaves out what the system trusts, and the other way round', async () => {
    desk.know('other', other);
    const [mine, theirs] = [await target(good), await target(issue({ ...here, issuer: other }))];
    const port = await openPort(engine, secure(mine.port, { verify: 'ca:other' }));
    expect(await failed(port)).toMatchObject({ code: 'TLS_UNKNOWN_ISSUER', details: { ca: 'other' } });
    await engine.replace(secure(theirs.port, { verify: 'ca:other' }));
    expect(await ask(port)).toBe('secret');
    await engine.replace(secure(theirs.port));
    expect((await failed(port)).code).toBe('TLS_UNKNOWN_ISSUER');
    expect(mine.heard()).toBe(0);
  });

  it('that is added or taken away at the desk counts from the next connection on, also for resumed sessions', async () => {
    const { port: at } = await target(good);
    const port = await openPort(engine, secure(at));
    desk.trustOnly(other);
    expect((await failed(port)).code).toBe('TLS_UNKNOWN_ISSUER');
    desk.trustOnly(other, plant);
    for (let time = 0; time < 3; time++) expect(await ask(port)).toBe('secret');
    desk.trustOnly(other);
    expect((await failed(port)).code).toBe('TLS_UNKNOWN_ISSUER');
  });
});

it('what is made of certificates is shared, made anew where they change, and does not grow with them', () => {
  const contexts = new TlsContexts(desk);
  const made = (id: string) => contexts.forTarget({ verify: `ca:${id}` });
  const ids = Array.from({ length: 65 }, (_, index) => `ca-${index}`);
  for (const id of ids) desk.know(id, plant);
  const [first, second] = ids.slice(0, 64).map(made);
  expect(made('ca-0')).toBe(first);
  made('ca-64');
  expect(made('ca-0')).toBe(first);
  expect(made('ca-1')).not.toBe(second);
  desk.know('ca-0', other);
  expect(made('ca-0')).not.toBe(first);
});

it('a server name is asked for and looked for in place of the address', async () => {
  const pair = issue({ names: ['panel-01'], issuer: plant });
  const asked: unknown[] = [];
  const SNICallback = (name: string, done: (error: null) => void): void => {
    asked.push(name);
    done(null);
  };
  const { port } = await target(pair, { SNICallback });
  expect(await ask(await openPort(engine, secure(port, { serverName: 'panel-01' })))).toBe('secret');
  expect(asked).toEqual(['panel-01']);
  expect(engine.pipes.list({})[0]?.tls?.target?.serverName).toBe('panel-01');
});

describe('a target that asks for a client certificate', () => {
  const client = issue({ issuer: other });
  const asking = { ca: other.cert, requestCert: true, rejectUnauthorized: true };

  it('is shown the one of the profile', async () => {
    desk.show('me', client);
    const { port } = await target(good, asking);
    expect(await ask(await openPort(engine, secure(port, { certificate: 'me' })))).toBe('secret');
  });

  it('refuses us without one, which is told though it comes after TLS was agreed', async () => {
    const { port, heard } = await target(good, asking);
    const at = await openPort(engine, secure(port));
    const sender = await connect(at);
    sender.write('secret');
    await outcome(sender);
    const fault = await waitFor(() => engine.status('plc').error, 'a fault');
    expect(fault).toMatchObject({ code: 'TLS_CLIENT_REFUSED', message: '127.0.0.1 wants a client certificate.' });
    expect(heard()).toBe(0);
  });

  it('makes the proxy degraded where the desk no longer has it', async () => {
    const { port } = await target(good, asking);
    await openPort(engine, secure(port, { certificate: 'me' }));
    expect(engine.status('plc').state).toBe('degraded');
    desk.show('me', client);
    await waitFor(() => engine.status('plc').state === 'listening', 'the certificate', 8000);
  });
});

describe('later connections', () => {
  async function resuming(pair: Pair, verify?: string): Promise<{ readonly port: number; readonly reused: boolean[] }> {
    const reused: boolean[] = [];
    const at = await tlsTarget((socket) => {
      reused.push(socket.isSessionReused());
      socket.pipe(socket);
    }, pair);
    return { port: await openPort(engine, secure(at, { verify })), reused };
  }
  const later = (days: number): void => {
    const now = Date.now() + days * 24 * 60 * 60 * 1000;
    vi.spyOn(Date, 'now').mockReturnValue(now);
    onTestFinished(() => void vi.restoreAllMocks());
  };

  it('resume the session of earlier ones', async () => {
    const { port, reused } = await resuming(good);
    for (let time = 0; time < 3; time++) await ask(port);
    expect(reused).toEqual([false, true, true]);
    expect(engine.pipes.list({})[0]?.tls?.target?.peer).toBe('test');
  });

  it('look at the certificate again when it has ended', async () => {
    const { port, reused } = await resuming(good);
    for (let time = 0; time < 2; time++) await ask(port);
    later(31);
    await ask(port);
    expect(reused).toEqual([false, true, false]);
  });

  it('resume also what has ended where that does not matter', async () => {
    const { port, reused } = await resuming(good, `pin:${fingerprintOf(good)}`);
    await ask(port);
    later(31);
    await ask(port);
    expect(reused).toEqual([false, true]);
  });
});

describe('a target that agrees on TLS 1.2 anew while bytes flow', () => {
  /** Shows `then` from the second handshake on, says "answer" after it, and gives what it heard until its end. */
  async function renegotiating(then: Pair): Promise<{ readonly port: number; readonly heard: Promise<Buffer> }> {
    const heard = Promise.withResolvers<Buffer>();
    const port = await tlsTarget(
      (socket) => {
        socket.once('data', () => {
          heard.resolve(readAll(socket).catch(() => Buffer.from('')));
          socket.setKeyCert(tls.createSecureContext(then));
          socket.renegotiate({}, () => void socket.write('answer'));
        });
      },
      { ...good, maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET },
    );
    return { port, heard: heard.promise };
  }
  it('goes on as before', async () => {
    const { port, heard } = await renegotiating(good);
    const client = await connect(await openPort(engine, secure(port)));
    client.write('question');
    expect(String(await once(client, 'data'))).toBe('answer');
    client.end('more');
    expect(String(await heard)).toBe('more');
    expect(engine.pipes.list({})[0]).toMatchObject({ received: 12, sent: 6 });
  });

  it('is judged anew', async () => {
    const { port, heard } = await renegotiating(issue({ ...here, issuer: other }));
    const client = await connect(await openPort(engine, secure(port)));
    client.write('question');
    expect(await outcome(client)).toBe('ECONNRESET');
    expect(String(await heard)).toBe('');
    expect(engine.status('plc').error?.code).toBe('TLS_UNKNOWN_ISSUER');
    expect(engine.pipes.list({})[0]).toMatchObject({ received: 8, sent: 0 });
  });
});

it('a client that ends while the handshake runs is heard by a good target and by no other', async () => {
  const held: net.Socket[] = [];
  const { port: at } = await target(good);
  // Lets the handshake through only when the client has ended.
  const gate = await tcpTarget((socket) => {
    const onward = net.connect(at, '127.0.0.1');
    onClose(() => onward.destroy());
    held.push(socket.pause());
    onward.pipe(socket);
    socket.once('resume', () => socket.pipe(onward));
  });
  const client = await connect(await openPort(engine, secure(gate)));
  client.end('secret');
  const gateEnd = await waitFor(() => held[0], 'the connection to the target');
  await waitFor(() => engine.pipes.list({})[0]?.received === 6, 'the first bytes');
  gateEnd.resume();
  expect((await readAll(client)).toString()).toBe('secret');
});
