/** Sources with TLS: whom they let in, what they say of the others, and that renewed certificates need no restart. */
import { once } from 'node:events';
import net from 'node:net';
import type tls from 'node:tls';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import { Handshakes } from '../../../main/engine/handshakes.ts';
import { fingerprintOf, issue } from '../../support/certificates.ts';
import { makeEngine, openPort, profile, silentLog } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { closeAll, connect, onClose, outcome, readAll, tcpTarget } from '../../support/sockets.ts';
import { TestDesk } from '../../support/tls-desk.ts';
import { tlsConnect, tlsTarget } from '../../support/tls-sockets.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();

const here = { names: ['localhost'], addresses: ['127.0.0.1'] };
const plant = issue({ isAuthority: true });
const other = issue({ isAuthority: true });
const shown = issue({ ...here, issuer: plant });
const asking = { secure: true, clientCa: 'plant' };
const trusting = { ca: plant.cert, servername: 'localhost' };

let engine: Engine;
let desk: TestDesk;
let warnings: object[];
/** Application bytes and connections that reached the target. */
let heard: number;
let reached: number;

beforeEach(async () => {
  [warnings, heard, reached] = [[], 0, 0];
  desk = new TestDesk().show('gateway', shown).know('plant', plant).trustOnly(plant);
  const log = { ...silentLog, warn: (facts: object) => void warnings.push(facts) };
  engine = makeEngine({ certificates: desk, log });
  await engine.start([]);
});
afterEach(async () => {
  await engine.stop({ deadlineMs: 0 });
  closeAll();
});
afterAll(nothingLeft);

async function source(fields: object = { secure: true }): Promise<number> {
  const target = await tcpTarget((socket) => {
    reached += 1;
    socket.on('data', (chunk) => {
      heard += chunk.length;
    });
    socket.pipe(socket);
  });
  return await openPort(engine, profile('plc', { target, source: fields }));
}

async function ask(port: number, options: tls.ConnectionOptions = {}): Promise<string> {
  const client = await tlsConnect(port, { ...trusting, ...options });
  client.end('question');
  return (await readAll(client)).toString();
}

/**
 * With TLS 1.3 a client takes TLS for agreed before its certificate was judged.
 * @returns the fault it sees, which is never a good end
 */
async function refused(port: number, options: tls.ConnectionOptions = {}): Promise<string> {
  const seen = await ask(port, options).then(
    (answer) => `answered "${answer}"`,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  expect(seen).toMatch(/^(ECONNRESET|EPIPE|ERR_SSL_.*ALERT.*)$/);
  return seen;
}

const rejected = () => waitFor(() => engine.status('plc').rejected, 'a client that was turned away');

it('tells of each pipe what was agreed', async () => {
  const port = await source(asking);
  const client = issue({ issuer: plant });
  expect(await ask(port, { ...client, ALPNProtocols: ['h2', 'http/1.1'] })).toBe('question');
  expect(engine.pipes.list({})[0]?.tls).toEqual({
    source: {
      version: 'TLSv1.3',
      cipher: expect.stringMatching(/^TLS_/),
      serverName: 'localhost',
      alpn: 'http/1.1',
      peer: 'test',
    },
  });
  expect(engine.status('plc')).toMatchObject({ rejected: null, pipes: { refused: { tls: 0 } } });
});

it('agrees with the target on the protocol that the client has agreed on', async () => {
  const agreed: unknown[] = [];
  const target = await tlsTarget(
    (socket) => {
      agreed.push(socket.alpnProtocol);
      socket.pipe(socket);
    },
    { ...shown, ALPNProtocols: ['mqtt', 'http/1.1'] },
  );
  const port = await openPort(engine, profile('plc', { target, secure: true, source: { secure: true } }));
  expect(await ask(port, { ALPNProtocols: ['mqtt'] })).toBe('question');
  expect(agreed).toEqual(['mqtt']);
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('with %s, a client', (version) => {
  const only = { minVersion: version, maxVersion: version };
  const gone = /^(ECONNRESET|EPIPE)$/;

  it.each([
    ['without a certificate', {}, 'it showed no client certificate', /ALERT_(HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED)/],
    ['of another CA', issue({ issuer: other }), 'its client certificate is not from the CA that is asked for', gone],
    ['signed by itself', issue({}), 'its client certificate is not from the CA that is asked for', gone],
    ['out of date', issue({ issuer: plant, from: -9, to: -3 }), 'its client certificate has ended', gone],
    ['ahead of its time', issue({ issuer: plant, from: 3 }), 'its client certificate is not valid yet', gone],
  ])('%s is turned away before the target hears of it, and it is said why', async (_, pair, reason, fault) => {
    const port = await source(asking);
    expect(await refused(port, { ...only, ...pair })).toMatch(fault);
    expect(await rejected()).toMatchObject({
      code: 'TLS_CLIENT_REJECTED',
      message: `Rejected 127.0.0.1: ${reason}.`,
      hop: 'source',
    });
    expect([heard, reached]).toEqual([0, 0]);
    expect(engine.status('plc')).toMatchObject({ state: 'listening', pipes: { total: 0, refused: { tls: 1 } } });
    expect(await ask(port, { ...only, ...issue({ issuer: plant }) })).toBe('question');
  });
});

it('turns away clients that know only older TLS', async () => {
  const port = await source();
  await refused(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' });
  expect((await rejected()).message).toBe('Rejected 127.0.0.1: it offers only TLS that is older than 1.2.');
});

it('turns away clients that speak in plain text; each is counted, the log has one line', async () => {
  const port = await source();
  for (let time = 0; time < 5; time++) {
    const client = await connect(port);
    client.write('GET / HTTP/1.1\r\nhost: plc\r\n\r\n');
    await readAll(client).catch(() => {});
    client.destroy();
  }
  await waitFor(() => engine.status('plc').pipes.refused.tls === 5, 'five clients turned away');
  expect(await rejected()).toMatchObject({
    message: 'Rejected 127.0.0.1: it spoke in plain text (5 times).',
    details: { times: 5 },
  });
  expect(warnings).toHaveLength(1);
  expect(reached).toBe(0);
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a session of %s', (version) => {
  /** Connects twice, the second time with the session of the first. Tells whether that was taken up. */
  async function comesBack(port: number, change: () => void, options: tls.ConnectionOptions = {}): Promise<boolean> {
    const asBefore = { ...trusting, ...options, minVersion: version, maxVersion: version };
    const first = await tlsConnect(port, asBefore);
    first.write('x');
    await once(first, 'data');
    const session = first.getSession();
    change();
    const second = await tlsConnect(port, { ...asBefore, session });
    second.write('x');
    await once(second, 'data');
    return second.isSessionReused();
  }

  it('is resumed', async () => {
    expect(await comesBack(await source(), () => {})).toBe(true);
  });

  it('is not resumed where another certificate is shown by now', async () => {
    const renew = (): void => void desk.show('gateway', issue({ ...here, issuer: plant }));
    expect(await comesBack(await source(), renew)).toBe(false);
  });

  it('is not resumed where clients are judged: their certificate may have ended since', async () => {
    expect(await comesBack(await source(asking), () => {}, issue({ issuer: plant }))).toBe(false);
  });
});

it('clients cannot begin the handshake of TLS 1.2 anew', async () => {
  const client = await tlsConnect(await source(), { ...trusting, maxVersion: 'TLSv1.2' });
  client.renegotiate({}, () => {});
  expect(await outcome(client)).toMatch(/^(EPROTO|ERR_SSL_NO_RENEGOTIATION)$/);
});

it('shows a renewed certificate to the next client, and leaves open pipes alone', async () => {
  const port = await source();
  const first = await tlsConnect(port, trusting);
  expect(first.getPeerCertificate().fingerprint256).toBe(fingerprintOf(shown));
  const renewed = issue({ ...here, issuer: plant });
  desk.show('gateway', renewed);
  const second = await tlsConnect(port, trusting);
  expect(second.getPeerCertificate().fingerprint256).toBe(fingerprintOf(renewed));
  first.write('still here');
  expect(String(await once(first, 'data'))).toBe('still here');
});

it.each([
  ['speaks', (socket: net.Socket): void => void socket.write('welcome'), 'client_reset'],
  ['only ends', (socket: net.Socket): void => void socket.on('end', () => socket.end()), 'client_closed'],
])(
  'a client that is gone by the time TLS is agreed does not hold its pipe where the target %s',
  async (_, say, reason) => {
    const target = await tcpTarget((socket) => say(socket.resume()));
    const port = await openPort(engine, profile('plc', { target, source: { secure: true } }));
    // Holds what follows the first words of the client until its end, and then passes all of it on at once with a RST.
    const gate = await tcpTarget((socket) => {
      const onward = net.connect(port, '127.0.0.1').on('error', () => {});
      onClose(() => onward.destroy());
      onward.pipe(socket);
      const held: Buffer[] = [];
      socket.once('data', (hello) => {
        onward.write(hello);
        socket.on('data', (chunk) => held.push(chunk));
      });
      socket.on('end', () => {
        onward.write(Buffer.concat(held));
        (onward as unknown as { _handle: { reset(): void } })._handle.reset();
      });
    });
    const client = await tlsConnect(gate, trusting);
    client.end('question');
    const ended = await waitFor(() => engine.pipes.list({ state: 'ended' })[0], 'the end of the pipe');
    expect(ended).toMatchObject({ reason, received: 8 });
  },
);

describe('clients whose TLS is not agreed yet', () => {
  /** What a server has of clients that have sent a byte, or nothing. */
  async function accepted(count: number, byte = 'x'): Promise<net.Socket[]> {
    const far: net.Socket[] = [];
    const port = await tcpTarget((socket) => far.push(socket.pause()));
    for (const client of await Promise.all(Array.from({ length: count }, () => connect(port)))) client.write(byte);
    await waitFor(() => far.length === count, 'all clients');
    return far;
  }

  it('are turned out after 10 s, also those that never speak', async () => {
    const late: net.Socket[] = [];
    const handshakes = new Handshakes((raw) => late.push(raw));
    const [silent] = (await accepted(1, '')) as [net.Socket];
    handshakes.enter(silent, () => {});
    handshakes.sweep(performance.now() + 9000);
    expect(late).toEqual([]);
    handshakes.sweep(performance.now() + 10_001);
    expect(late).toEqual([silent]);
    expect(silent.destroyed).toBe(true);
  });

  it('are 64 at once; the others wait until one is through, or as many take long', async () => {
    const late: net.Socket[] = [];
    const begun: net.Socket[] = [];
    const handshakes = new Handshakes((raw) => late.push(raw));
    for (const raw of await accepted(67)) handshakes.enter(raw, () => begun.push(raw));
    await waitFor(() => begun.length === 64, '64 handshakes');
    const [first, ...slow] = begun as [net.Socket, ...net.Socket[]];
    handshakes.leave(first);
    expect(begun).toHaveLength(65);
    handshakes.sweep(performance.now() + 2001);
    expect(late).toEqual(slow.slice(0, 2));
    expect(begun).toHaveLength(67);
    handshakes.close();
    expect(begun.slice(1).every((raw) => raw.destroyed)).toBe(true);
  });

  it('come from many addresses: the one with the fewest at work is next', async () => {
    const far: net.Socket[] = [];
    const begun: net.Socket[] = [];
    const handshakes = new Handshakes(() => {});
    const port = await tcpTarget((socket) => {
      far.push(socket);
      handshakes.enter(socket, () => begun.push(socket));
    });
    const crowd = await Promise.all(Array.from({ length: 80 }, () => connect(port)));
    for (const client of crowd) client.write('x');
    await waitFor(() => begun.length === 64 && far.length === 80, 'the crowd');
    const other = await connect(port, '127.0.0.1', '127.0.0.2');
    other.write('x');
    await waitFor(() => far[80]?.readableLength === 1, 'the other');
    handshakes.leave(begun[0] as net.Socket);
    expect(begun[64]).toBe(far[80]);
    handshakes.close();
  });

  it('and that end are gone at once; those that have not spoken are not told of', async () => {
    const port = await source();
    const looking = await connect(port);
    looking.end();
    await readAll(looking);
    expect(engine.status('plc').rejected).toBeNull();
    const leaving = await connect(port);
    leaving.end(Buffer.from([22, 3, 1, 2, 0, 1]));
    await outcome(leaving);
    expect((await rejected()).message).toBe('Rejected 127.0.0.1: it left before TLS was agreed.');
  });

  it('of whom 500 are silent do not keep a good one waiting', async () => {
    const port = await source();
    await Promise.all(Array.from({ length: 500 }, () => connect(port)));
    expect(await ask(port)).toBe('question');
    expect(engine.status('plc').pipes.total).toBe(1);
  });
});
