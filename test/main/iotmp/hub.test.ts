import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { HubLimits } from '../../../main/iotmp/hub-limits.ts';
import { encodeMessage, type Message, messageTypes } from '../../../main/iotmp/message.ts';
import { deviceTransports } from '../../../shared/device.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { doors, raspi, secret, startHub, type TestHub } from '../../support/hub.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { closeAll, onClose, unusedPort } from '../../support/sockets.ts';
import { StockDevice } from '../../support/stock-device.ts';
import { waitFor } from '../../support/wait.ts';

let noLeaks: () => Promise<void>;
const running: TestHub[] = [];

beforeAll(() => {
  noLeaks = leakCheck();
});
afterEach(async () => {
  closeAll();
  await Promise.all(running.splice(0).map(({ hub }) => hub.stop()));
});
afterAll(() => noLeaks());

async function start(limits: Partial<HubLimits> = {}, open = deviceTransports.slice(1, 2)): Promise<TestHub> {
  const made = await startHub({ limits: { refusalMs: [5, 20], ...limits } }, open);
  running.push(made);
  return made;
}

const { user, device } = raspi;
const codes = ({ hub }: TestHub): string[] => hub.status().incidents.map(({ code }) => code);
const messages = ({ hub }: TestHub): string[] => hub.status().incidents.map(({ message }) => message);

/** A raw client of the hub. */
async function raw(port: number, from?: string): Promise<net.Socket> {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => {});
  onClose(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes on a new connection and gives all that comes back until it is closed. */
async function exchange(port: number, bytes: Buffer): Promise<Buffer> {
  const socket = await raw(port);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks);
}

const login = (credentials: string, name = device): Message => ({
  type: messageTypes.connect,
  id: 0x23c6,
  payload: [user, name, credentials],
});

/** The bytes of docs/iotmp.md §12.2, without reference to our encoder. */
const badCredentials = '021f08c64710021ac1876d6573736167658f6261642063726564656e7469616c73';

describe('the hub lets devices in', () => {
  it.each(deviceTransports)('over %s, and learns that they can proxy', async (transport) => {
    const made = await start({}, [transport]);
    const stock = await StockDevice.online({ port: made.port(transport), transport });
    await waitFor(() => made.hub.facts(user, device).proxying === 'yes', 'DESCRIBE to be answered');
    expect(stock.heard.map(({ type }) => type)).toEqual([messageTypes.ok, messageTypes.describe]);
    const facts = made.hub.facts(user, device);
    expect(facts).toMatchObject({ active: true, transport, streams: 0 });
    expect(facts.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(facts.bytes.received).toBeGreaterThan(30);
    expect(facts.bytes.sent).toBeGreaterThan(5);
    expect(made.hub.deviceState(raspi).state).toBe('online');
    expect(made.hub.status().online).toBe(1);
    await waitFor(() => made.changes.includes('alice/dev1') && made.changes.includes('hub'), 'changes to be told');
  });

  it('answers CONNECT first of all, with the bytes of the reference', async () => {
    const made = await start();
    const socket = await raw(made.port());
    socket.write(
      Buffer.from('03181ae385616c69636584646576318d733363726574 2d733363726574'.replace(' ', ''), 'hex').subarray(0, 0),
    );
    socket.write(encodeMessage({ type: messageTypes.connect, id: 0x4567, payload: [user, device, secret] }));
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.subarray(0, 6).toString('hex')).toBe('010408e78a01');
  });

  it('in the dialect of the previous generation', async () => {
    const made = await start();
    await StockDevice.online({ port: made.port(), dialect: 'v1' });
    await waitFor(() => made.hub.facts(user, device).proxying === 'yes', 'DESCRIBE to be answered');
  });

  it('byte by byte', async () => {
    const made = await start();
    const socket = await raw(made.port());
    socket.setNoDelay(true);
    for (const byte of encodeMessage(login(secret))) {
      socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await once(socket, 'data');
    expect(made.hub.facts(user, device).active).toBe(true);
  });

  it('and keeps what it knew of them when they are gone', async () => {
    const made = await start();
    const stock = await StockDevice.online({ port: made.port() });
    await waitFor(() => made.hub.facts(user, device).proxying === 'yes', 'DESCRIBE to be answered');
    const live = made.hub.facts(user, device);
    stock.drop();
    await waitFor(() => !made.hub.facts(user, device).active, 'the hub to notice');
    const { lastSeen, bytes, proxying, address } = made.hub.facts(user, device);
    expect({ bytes, proxying, address }).toEqual({ bytes: live.bytes, proxying: 'yes', address: live.address });
    expect(Math.abs((lastSeen ?? 0) - Date.now())).toBeLessThan(5000);
    await stock.reconnect();
    await waitFor(() => made.hub.facts(user, device).bytes.received > bytes.received, 'bytes to be counted on');
  });

  it.each([
    ['offers no proxy', { version: { fn: 3 } }, 'no'],
    ['names its session otherwise', { '$proxy/:id': { fn: 2 } }, 'yes'],
    ['answers with an error', null, 'unknown'],
    ['does not answer', 'silent', 'unknown'],
  ] as const)('asks what they offer: one that %s', async (_what, describes, proxying) => {
    const made = await start({ describeMs: 30 });
    const stock = await StockDevice.online({ port: made.port(), describes });
    const asked = () => stock.heard.filter(({ type }) => type === messageTypes.describe).length;
    await waitFor(() => asked() === (proxying === 'unknown' ? 2 : 1), 'the question');
    await waitFor(() => made.hub.facts(user, device).proxying === proxying, `proxying to be ${proxying}`);
    expect(made.hub.deviceState(raspi).state).toBe(proxying === 'no' ? 'cannot_proxy' : 'online');
    if (proxying === 'no') {
      const open = () => made.hub.openStream(raspi, { address: '127.0.0.1', port: 1, secure: false });
      expect(open).toThrow(new SluiceError('DEVICE_CANNOT_PROXY', { user, device }));
    }
  });

  it('throws in the words of the catalogue where a device is not there', async () => {
    const made = await start();
    const to = { address: '127.0.0.1', port: 1, secure: false };
    expect(() => made.hub.openStream(raspi, to)).toThrow('Device dev1 is not connected.');
    expect(() => made.hub.openStream({ user, device: 'who' }, to)).toThrow('No device who is registered');
  });
});

describe('the hub refuses', () => {
  it('wrong credentials and unknown devices with the same bytes, and closes', async () => {
    const made = await start();
    const wrong = await exchange(made.port(), encodeMessage(login('wrong')));
    const unknown = await exchange(made.port(), encodeMessage(login(secret, 'nobody')));
    expect(wrong.toString('hex')).toBe(badCredentials);
    expect(unknown.toString('hex')).toBe(badCredentials);
    expect(messages(made)).toEqual([
      'A device calling itself alice/nobody was turned away: no such device is registered.',
      'A device calling itself alice/dev1 was turned away: wrong credentials.',
    ]);
  });

  it('a disabled device, with a reason for people only', async () => {
    const made = await start();
    made.devices.set('alice/dev1', null);
    expect((await exchange(made.port(), encodeMessage(login(secret)))).toString('hex')).toBe(badCredentials);
    expect(messages(made)).toEqual(['A device calling itself alice/dev1 was turned away: it is disabled here.']);
  });

  it.each([4, 1801, -5, 'x'])('a keep-alive of %s', async (ka) => {
    const made = await start();
    const answer = await exchange(made.port(), encodeMessage({ ...login(secret), parameters: { ka } }));
    expect(answer).toEqual(
      encodeMessage({ type: 2, id: 0x23c6, parameters: 3, payload: { message: 'invalid keep-alive' } }),
    );
  });

  it.each([5, 1800])('not a keep-alive of %s', async (ka) => {
    const made = await start();
    await StockDevice.online({ port: made.port(), parameters: { ka } });
    expect(made.hub.status().online).toBe(1);
  });

  it('keeps credentials out of log and incidents', async () => {
    const made = await start();
    await exchange(made.port(), encodeMessage(login('wrong-canary-1')));
    await exchange(made.port(), encodeMessage({ ...login('x'), payload: ['wrong-canary-2'] }));
    await StockDevice.online({ port: made.port() });
    const said = JSON.stringify([made.hub.status(), made.logged]);
    expect(said).not.toContain('canary');
    expect(said).not.toContain(secret);
  });

  it('shows hostile names cut and without signs that cannot be seen', async () => {
    const made = await start();
    await exchange(made.port(), encodeMessage(login('x', `\u001b[31m\u202e${'n'.repeat(5000)}\n`)));
    const [text = ''] = messages(made);
    expect(text).toMatch(/^A device calling itself alice\/\[31mn+… was turned away/);
    expect(text.length).toBeLessThan(200);
  });

  it('counts the same thing instead of repeating it, and keeps a hundred', async () => {
    const made = await start({ freeMisses: 1000, strangersPerAddress: 1000 });
    for (let round = 0; round < 3; round++) await exchange(made.port(), encodeMessage(login('wrong')));
    expect(messages(made)).toEqual([
      'A device calling itself alice/dev1 was turned away: wrong credentials (3 times).',
    ]);
    await Promise.all(
      Array.from({ length: 120 }, (_, index) => exchange(made.port(), encodeMessage(login('x', `no-${index}`)))),
    );
    expect(codes(made)).toHaveLength(100);
    expect(made.logged.length).toBeLessThan(40);
  });
});

/** Each is sent alone; the connection must end, with words for a person, and without harm to another device. */
const rude: [name: string, bytes: Buffer, words: RegExp][] = [
  ['KEEP_ALIVE first', Buffer.from('0500', 'hex'), /its first message is not a login/],
  ['RUN first', encodeMessage({ type: 6, id: 1, resource: 'version' }), /its first message is not a login/],
  ['DESCRIBE first', Buffer.from('07020801', 'hex'), /its first message is not a login/],
  ['START_STREAM first', encodeMessage({ type: 8, id: 1, resource: '$proxy/a' }), /its first message is not a login/],
  ['STREAM_DATA first', Buffer.from('0a0a08b4241aa568656c6c6f', 'hex'), /its first message is not a login/],
  ['STOP_STREAM first', Buffer.from('09020801', 'hex'), /its first message is not a login/],
  ['DISCONNECT first', Buffer.from('0400', 'hex'), /its first message is not a login/],
  ['OK first', Buffer.from('01020801', 'hex'), /its first message is not a login/],
  ['an unknown type first', Buffer.from('0b00', 'hex'), /its first message is not a login/],
  [
    'HTTP',
    Buffer.from(`GET / HTTP/1.1\r\nHost: 10.0.0.7:25204\r\nUser-Agent: ${'x'.repeat(80)}\r\n\r\n`),
    /was closed: /,
  ],
  ['a message of more than 16 KiB', Buffer.from('03818001', 'hex'), /longer than 16384 bytes/],
  ['an unknown wire type', Buffer.from('03021b00', 'hex'), /wire type/],
  ['a map cut short', Buffer.from('03021ac1', 'hex'), /was closed: /],
  ['a payload that is no list', encodeMessage({ ...login('x'), payload: 'x' }), /its login is not three texts/],
  ['four texts', encodeMessage({ ...login('x'), payload: ['a', 'b', 'c', 'd'] }), /its login is not three texts/],
  ['numbers for texts', encodeMessage({ ...login('x'), payload: [1, 2, 3] }), /its login is not three texts/],
  ['no payload', Buffer.from('0300', 'hex'), /its login is not three texts/],
  ['nesting beyond reason', Buffer.concat([Buffer.of(3, 51, 0x1a), Buffer.alloc(50, 0xe1)]), /was closed: /],
];

describe('bad input before login', () => {
  let made: TestHub;
  let other: StockDevice;

  beforeAll(async () => {
    made = await startHub({ limits: { refusalMs: [5, 20] } });
  });
  afterAll(() => made.hub.stop());

  it.each(rude)('%s: closed, with words for a person', async (_name, bytes, words) => {
    other = await StockDevice.online({ port: made.port() });
    const noted = made.hub.status().incidents.reduce((sum, { details }) => sum + Number(details.times), 0);
    const answer = await exchange(made.port(), bytes);
    expect(answer.length === 0 || answer[0] === messageTypes.error).toBe(true);
    const { incidents } = made.hub.status();
    expect(incidents.reduce((sum, { details }) => sum + Number(details.times), 0)).toBe(noted + 1);
    expect(incidents[0]?.message).toMatch(words);
    expect(incidents[0]?.message).toMatch(/^The connection from 127\.0\.0\.1 was closed: /);
    other.send({ type: messageTypes.keepAlive });
    await waitFor(
      () => other.heard.some(({ type }) => type === messageTypes.keepAlive),
      'the other device to be served',
    );
  });
});

describe('bad input after login', () => {
  it.each([
    ['a message of more than 256 KiB', Buffer.from('0a818010', 'hex'), /longer than 262144 bytes/],
    ['an unknown wire type', Buffer.from('06021b00', 'hex'), /wire type/],
    ['a body cut short', Buffer.from('06021ac1', 'hex'), /was closed: /],
    ['an impossible type', Buffer.from('ff', 'hex'), /impossible type/],
  ])('%s: that device is closed, and no other', async (_name, bytes, words) => {
    const made = await start();
    made.devices.set('alice/dev2', secret);
    const other = await StockDevice.online({ port: made.port(), device: 'dev2' });
    const stock = await StockDevice.online({ port: made.port() });
    stock.write(bytes);
    await waitFor(() => stock.ended, 'the connection to end');
    await waitFor(() => codes(made).includes('DEVICE_BROKE_RULES'), 'an incident');
    expect(messages(made)[0]).toMatch(/^The connection of device alice\/dev1 was closed: /);
    expect(messages(made)[0]).toMatch(words);
    other.send({ type: messageTypes.keepAlive });
    await waitFor(() => other.heard.some(({ type }) => type === messageTypes.keepAlive), 'the other device');
    await stock.reconnect();
  });

  it('closes a device that asks without end, and serves another meanwhile', async () => {
    const made = await start();
    made.devices.set('alice/dev2', secret);
    const other = await StockDevice.online({ port: made.port(), device: 'dev2', keepAliveMs: 20 });
    const stock = await StockDevice.online({ port: made.port() });
    const ask = encodeMessage({ type: messageTypes.run, id: 7, resource: 1, parameters: 'x' });
    stock.write(Buffer.concat(new Array<Buffer>(20_000).fill(ask)));
    await waitFor(() => stock.ended, 'the flood to be ended');
    expect(messages(made)[0]).toMatch(/alice\/dev1 was closed: it asked for more than 500 things in a second/);
    const before = other.heard.length;
    await waitFor(() => other.heard.length > before, 'the other device to be served');
    expect(other.ended).toBeUndefined();
  });

  it('closes a device that asks and never reads the answers', async () => {
    const made = await startHub({ limits: { requestsPerSecond: 1e9 }, linkLimits: { maxQueuedBytes: 64 * 1024 } });
    running.push(made);
    const stock = await StockDevice.online({ port: made.port() });
    stock.socket.pause();
    const asks = encodeMessage({ type: messageTypes.run, id: 7, resource: 1, parameters: 'x' });
    const many = Buffer.concat(new Array<Buffer>(1000).fill(asks));
    await waitFor(() => {
      stock.write(many);
      return !made.hub.facts(user, device).active;
    }, 'the hub to give up');
    expect(messages(made)[0]).toMatch(/alice\/dev1 was closed: it does not read what it is sent/);
  });
});

describe('before login', () => {
  it('500 silent connections do not keep a good device out (I3)', async () => {
    const made = await start();
    const silent = await Promise.all(Array.from({ length: 500 }, () => raw(made.port()).catch(() => null)));
    expect(silent.filter(Boolean).length).toBeGreaterThan(30);
    const before = performance.now();
    await StockDevice.online({ port: made.port() });
    expect(performance.now() - before).toBeLessThan(3000);
    await waitFor(() => silent.filter((socket) => socket && !socket.closed).length <= 32, 'all but 32 to be closed');
    expect(codes(made)).toContain('HUB_BUSY');
    expect(messages(made).find((text) => text.startsWith('Connections'))).toMatch(/32 at once from one address/);
  });

  it('500 silent connections from many addresses do not keep a good device out over TLS either (I3)', async () => {
    const made = await start({}, ['tls']);
    for (let index = 0; index < 500; index++) await raw(made.port('tls'), `127.0.1.${1 + (index % 20)}`);
    const before = performance.now();
    await StockDevice.online({ port: made.port('tls'), transport: 'tls' });
    expect(performance.now() - before).toBeLessThan(3000);
  });

  it('slow handshakes make room for others (I3)', async () => {
    const made = await start({ handshakes: 4, slowHandshakeMs: 100 }, ['tls']);
    const slow = await Promise.all(Array.from({ length: 4 }, () => raw(made.port('tls'))));
    // The head of a TLS record, and then nothing.
    for (const socket of slow) socket.write(Buffer.from('1603010200', 'hex'));
    await StockDevice.online({ port: made.port('tls'), transport: 'tls' });
    expect(messages(made).some((text) => text.includes('4 handshakes at once'))).toBe(true);
  });

  it.each(['tcp', 'tls', 'ws'] as const)('closes who says nothing in time on %s (I3)', async (transport) => {
    const made = await start({ handshakeMs: 60, loginMs: 60 }, [transport]);
    const socket = await raw(made.port(transport));
    expect(await closed(socket)).toBe(true);
    expect(messages(made)[0]).toMatch(/from 127\.0\.0\.1 was closed: it did not log in within 0\.06 s/);
  });

  it('closes who does the handshake and then says nothing (I3)', async () => {
    const made = await start({ loginMs: 60 }, ['tls', 'ws']);
    for (const transport of ['tls', 'ws'] as const) {
      const stock = new StockDevice({ port: made.port(transport), transport });
      await stock.connect();
      await waitFor(() => stock.ended, `the silent one on ${transport} to be closed`);
    }
  });

  it('closes who sends more than 16 KiB before login in a WebSocket frame', async () => {
    const made = await start({}, ['ws']);
    const stock = new StockDevice({ port: made.port('ws'), transport: 'ws' });
    await stock.connect();
    stock.write(Buffer.alloc(20_000, 3));
    await waitFor(() => stock.ended, 'the connection to end');
  });

  it('does not take plain bytes for TLS', async () => {
    const made = await start({}, ['tls']);
    const socket = await raw(made.port('tls'));
    socket.write(encodeMessage(login(secret)));
    expect(await closed(socket)).toBe(true);
  });

  it('offers TLS 1.2 and 1.3, and nothing older', async () => {
    const made = await start({}, ['tls']);
    const offer = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> => {
      const options = {
        minVersion: version,
        maxVersion: version,
        rejectUnauthorized: false,
        ciphers: 'ALL:@SECLEVEL=0',
      };
      const socket = tls.connect({ port: made.port('tls'), host: '127.0.0.1', ...options });
      onClose(() => socket.destroy());
      return await new Promise((resolve) => {
        socket.on('error', () => resolve(null));
        socket.on('secureConnect', () => resolve(socket.getProtocol()));
      });
    };
    expect(await offer('TLSv1.2')).toBe('TLSv1.2');
    expect(await offer('TLSv1.3')).toBe('TLSv1.3');
    expect(await offer('TLSv1.1')).toBeNull();
  });

  it('serves WebSockets at /iotmp only, and nothing else over HTTP', async () => {
    const made = await start({}, ['ws']);
    const at = `wss://127.0.0.1:${made.port('ws')}`;
    const answer = (path: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${at}${path}`, 'iotmp', { rejectUnauthorized: false });
        onClose(() => socket.terminate());
        socket.on('error', (error) => resolve(error.message));
        socket.on('open', () => resolve(`open ${socket.protocol}`));
      });
    expect(await answer('/iotmp')).toBe('open iotmp');
    expect(await answer('/other')).toBe('Unexpected server response: 404');
    const plain = tls.connect({ port: made.port('ws'), host: '127.0.0.1', rejectUnauthorized: false });
    onClose(() => plain.destroy());
    plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(String((await once(plain, 'data'))[0])).toMatch(/^HTTP\/1\.1 426 /);
  });
});

describe('guessing (I4)', () => {
  it('1,000 wrong tries: few are looked at, and the real device gets in from elsewhere', async () => {
    const made = await start({ strangersPerAddress: 1000 });
    let answered = 0;
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          exchange(made.port(), encodeMessage(login(`guess-${round}-${index}`))),
        ),
      );
      answered += answers.filter((answer) => answer.toString('hex') === badCredentials).length;
    }
    expect(answered).toBe(1000);
    expect(made.judged.length).toBeLessThanOrEqual(20);
    expect(messages(made)[0]).toMatch(/too many wrong tries; the next one has to wait \(\d+ times\)/);
    await StockDevice.online({ port: made.port(), from: '127.0.0.2' });
  });

  it('whoever guessed too often has to wait even with the right credentials', async () => {
    const made = await start({ firstDelayMs: 60_000 });
    for (let miss = 0; miss < 5; miss++) await exchange(made.port(), encodeMessage(login('wrong')));
    await expect(StockDevice.online({ port: made.port() })).rejects.toThrow(/bad credentials/);
    expect(made.judged).toHaveLength(5);
  });

  it('a good login clears what was counted', async () => {
    const made = await start();
    for (let round = 0; round < 3; round++) {
      for (let miss = 0; miss < 4; miss++) await exchange(made.port(), encodeMessage(login('wrong')));
      await StockDevice.online({ port: made.port() });
    }
  });
});

describe('the same device twice (I6)', () => {
  it('the newest valid login wins; the older connection is closed', async () => {
    const made = await start();
    const first = await StockDevice.online({ port: made.port() });
    const second = await StockDevice.online({ port: made.port(), from: '127.0.0.2' });
    await waitFor(() => first.ended, 'the first to be closed');
    expect(second.ended).toBeUndefined();
    expect(made.hub.facts(user, device)).toMatchObject({
      active: true,
      address: expect.stringContaining('127.0.0.2:'),
    });
    expect(messages(made)).toEqual([
      'Device alice/dev1 logged in again from 127.0.0.2; its earlier connection was closed.',
    ]);
  });

  it('a bad login never evicts', async () => {
    const made = await start();
    const stock = await StockDevice.online({ port: made.port() });
    for (let miss = 0; miss < 10; miss++) await exchange(made.port(), encodeMessage(login('wrong')));
    expect(stock.ended).toBeUndefined();
    expect(made.hub.facts(user, device).active).toBe(true);
  });

  it('more than five takeovers in a minute: the newest waits, and the one that is in stays', async () => {
    const made = await start({ takeoverHoldMs: 60_000 });
    const all: StockDevice[] = [];
    for (let index = 0; index < 6; index++) all.push(await StockDevice.online({ port: made.port() }));
    const waiting = new StockDevice({ port: made.port() });
    await waiting.connect();
    waiting.sendLogin();
    await waitFor(() => messages(made)[0]?.includes('more than 5 times within a minute'), 'the incident');
    expect(all.at(-1)?.ended).toBeUndefined();
    const newer = new StockDevice({ port: made.port() });
    await newer.connect();
    newer.sendLogin();
    await waitFor(() => waiting.ended, 'the newer one to take the place of the waiting one');
    expect(newer.heard).toEqual([]);
    all.at(-1)?.drop();
    await waitFor(() => newer.isOnline, 'the waiting one to come in when the place is free');
    expect(made.hub.status().online).toBe(1);
  });

  it('who waited comes in when the time is over', async () => {
    const made = await start({ takeoverHoldMs: 80, takeoversPerMinute: 1 });
    await StockDevice.online({ port: made.port() });
    const second = await StockDevice.online({ port: made.port() });
    const third = await StockDevice.online({ port: made.port() });
    await waitFor(() => second.ended, 'the second to be replaced');
    expect(third.isOnline).toBe(true);
  });

  it('one that waits and leaves is forgotten', async () => {
    const made = await start({ takeoversPerMinute: 0 });
    const first = await StockDevice.online({ port: made.port() });
    const second = new StockDevice({ port: made.port() });
    await second.connect();
    second.sendLogin();
    await waitFor(() => made.judged.length === 2, 'the login to be looked at');
    second.drop();
    first.drop();
    await waitFor(() => !made.hub.facts(user, device).active, 'both to be gone');
    await first.reconnect();
  });

  it('1,000 takeovers leave nothing behind', async () => {
    const made = await start({ takeoversPerMinute: 10_000 });
    const before = process.getActiveResourcesInfo().length;
    for (let round = 0; round < 1000; round++) {
      const stock = await StockDevice.online({ port: made.port() });
      if (round % 3 === 0) stock.drop();
    }
    expect(made.hub.status().online).toBeLessThanOrEqual(1);
    closeAll();
    await waitFor(() => made.hub.status().online === 0, 'the last to be gone');
    await waitFor(() => process.getActiveResourcesInfo().length <= before, 'sockets and timers to be gone');
  }, 60_000);
});

describe('keep-alive (I7)', () => {
  it('is echoed at once, also to a busy device', async () => {
    const made = await start();
    const stock = await StockDevice.online({ port: made.port(), keepAliveMs: 20 });
    const echoes = () => stock.heard.filter(({ type }) => type === messageTypes.keepAlive).length;
    await waitFor(() => echoes() >= 3, 'echoes');
  });

  it('closes after 1.5 times the interval of silence', async () => {
    const made = await start({ leastKeepAliveMs: 100 });
    const began = performance.now();
    const stock = await StockDevice.online({ port: made.port(), parameters: { ka: 0.4 } });
    await waitFor(() => stock.ended, 'the silent device to be closed');
    const lasted = performance.now() - began;
    expect(lasted).toBeGreaterThanOrEqual(600);
    expect(lasted).toBeLessThan(600 + 500);
    expect(made.hub.facts(user, device).active).toBe(false);
  });

  it('counts any message as a sign of life', async () => {
    const made = await start({ keepAliveMs: 200, leastKeepAliveMs: 100 });
    const stock = await StockDevice.online({ port: made.port() });
    const began = performance.now();
    await waitFor(() => {
      stock.send({ type: messageTypes.run, resource: 'nothing' });
      return performance.now() - began > 700;
    }, 'some time to pass');
    expect(stock.ended).toBeUndefined();
  });
});

describe('doors', () => {
  it('a port that is taken is a state with words, and opens by itself when it is free', async () => {
    const port = await unusedPort();
    const holder = net.createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const faults: unknown[] = [];
    const made = await startHub(
      {
        limits: { firstRetryMs: 20, longestRetryMs: 40 },
        listenFault: (error, at) => {
          faults.push(error);
          return new SluiceError('PORT_IN_USE', at);
        },
      },
      [],
    );
    running.push(made);
    await made.hub.apply(doors(['tcp'], port));
    const door = () => made.hub.status().listeners.find(({ transport }) => transport === 'tcp');
    expect(door()).toMatchObject({ state: 'fault', port, error: { code: 'PORT_IN_USE' } });
    expect(made.hub.endpoints).toEqual([]);
    const firstAt = door()?.error?.at;
    await waitFor(() => faults.length > 2, 'more tries');
    expect(door()?.error?.at).toBe(firstAt);
    holder.close();
    await waitFor(() => door()?.state === 'listening', 'the door to open');
    expect(made.hub.endpoints).toEqual([{ transport: 'tcp', address: '127.0.0.1', port, owner: 'the IoTMP hub' }]);
    await StockDevice.online({ port });
  });

  it('a certificate that cannot be kept is a fault of the doors that need one', async () => {
    const made = await startHub(
      {
        certificate: () => {
          throw new SluiceError('DATA_FOLDER_UNUSABLE', { folder: '/x', reason: 'the disk is full' });
        },
        listenFault: (error) => error as SluiceError,
      },
      ['tls', 'tcp'],
    );
    running.push(made);
    const states = made.hub.status().listeners.map(({ transport, state, error }) => [transport, state, error?.code]);
    expect(states).toEqual([
      ['tls', 'fault', 'DATA_FOLDER_UNUSABLE'],
      ['tcp', 'listening', undefined],
      ['ws', 'off', undefined],
    ]);
    expect(made.hub.status().fingerprint).toBeNull();
  });

  it('closing one cuts its devices; moving one does not', async () => {
    const made = await start({}, ['tcp', 'tls']);
    made.devices.set('alice/dev2', secret);
    const plain = await StockDevice.online({ port: made.port() });
    const secure = await StockDevice.online({ port: made.port('tls'), transport: 'tls', device: 'dev2' });
    await made.hub.apply(doors(['tls'], await unusedPort()));
    await waitFor(() => plain.ended, 'the device of the closed door to be cut');
    expect(secure.ended).toBeUndefined();
    expect(made.hub.status().listeners.map(({ state }) => state)).toEqual(['listening', 'off', 'off']);
    expect(made.hub.facts('alice', 'dev2').active).toBe(true);
  });

  it('shows the fingerprint of the certificate that clients see', async () => {
    const made = await start({}, ['tls']);
    const socket = tls.connect({ port: made.port('tls'), host: '127.0.0.1', rejectUnauthorized: false });
    onClose(() => socket.destroy());
    await once(socket, 'secureConnect');
    expect(made.hub.status().fingerprint).toBe(socket.getPeerX509Certificate()?.fingerprint256);
  });

  it('a device that was disabled or removed is cut, and forgotten once it is removed', async () => {
    const made = await start();
    const stock = await StockDevice.online({ port: made.port() });
    made.hub.disconnect(user, device, 'disabled');
    await waitFor(() => stock.ended, 'the device to be cut');
    expect(stock.heard.at(-1)?.type).toBe(messageTypes.disconnect);
    expect(made.hub.facts(user, device)).toMatchObject({ active: false, transport: 'tcp' });
    made.devices.delete('alice/dev1');
    made.hub.disconnect(user, device, 'removed');
    expect(made.hub.facts(user, device)).toMatchObject({ active: false, transport: null });
  });

  it('stops twice, and cuts everybody', async () => {
    const made = await start({}, deviceTransports.slice());
    const devices = await Promise.all([StockDevice.online({ port: made.port() }), raw(made.port('tls'))]);
    await made.hub.stop();
    await made.hub.stop();
    await waitFor(() => devices[0].ended && devices[1].closed, 'connections to end');
    expect(made.hub.status().listeners.every(({ state }) => state === 'off')).toBe(true);
  });
});

async function closed(socket: net.Socket): Promise<boolean> {
  socket.resume();
  await waitFor(() => socket.closed, 'the connection to be closed');
  return socket.closed;
}
