import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dialTarget, failureText, type TargetDialer } from '../../../main/iotmp/target-dialer.ts';
import { TargetRules } from '../../../main/iotmp/target-rules.ts';
import { NameCache } from '../../../main/sockets/name-cache.ts';
import { issue, type Pair } from '../../support/certificates.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { closeAll, echoTarget, onClose, tcpTarget } from '../../support/sockets.ts';

const authority = issue({ isAuthority: true });
const stranger = issue({ isAuthority: true });

let noLeaks: () => Promise<void>;
beforeAll(() => tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.cert]));
beforeEach(() => {
  noLeaks = leakCheck();
});
afterEach(async () => {
  closeAll();
  await noLeaks();
});

interface Wish {
  readonly address?: string;
  readonly secure?: boolean;
  readonly allow?: readonly string[];
  readonly verifyTargets?: boolean;
  /** What the name server says, one list per question. */
  readonly names?: readonly (readonly string[])[];
  readonly ownerOf?: TargetDialer['ownerOf'];
  readonly signal?: AbortSignal;
}

/** What comes back for 'ping', or why nothing does. */
async function ping(port: number, wish: Wish = {}): Promise<string> {
  const { address = '127.0.0.1', secure = false, verifyTargets = true, names = [], ownerOf = () => undefined } = wish;
  const answers = [...names];
  const resolve = async () => (answers.shift() ?? []).map((ip) => ({ address: ip, family: ip.includes(':') ? 6 : 4 }));
  const dialer = {
    rules: new TargetRules(wish.allow ?? ['127.0.0.1:*']),
    names: new NameCache(resolve),
    ownerOf,
    verifyTargets,
  };
  const buffer = Buffer.alloc(64);
  const heard = Promise.withResolvers<string>();
  const onread = {
    buffer: () => buffer,
    callback: (bytes: number) => {
      heard.resolve(buffer.toString('utf8', 0, bytes));
      return true;
    },
  };
  const signal = wish.signal ?? new AbortController().signal;
  try {
    const socket = await dialTarget({ address, port, secure }, dialer, onread, signal);
    onClose(() => socket.destroy());
    socket.on('data', (chunk) => heard.resolve(String(chunk)));
    socket.resume();
    socket.write('ping');
    return await heard.promise;
  } catch (error) {
    return failureText(error);
  }
}

async function tlsEcho(pair: Pair, options: tls.TlsOptions = {}): Promise<{ port: number; heard: () => string }> {
  let heard = '';
  const server = tls.createServer({ ...pair, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard += chunk;
      socket.write(chunk);
    });
    onClose(() => socket.destroy());
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  onClose(() => server.close());
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, heard: () => heard };
}

describe('a target that is dialled', () => {
  it('is reached by address, and loses nothing that it says at once', async () => {
    expect(await ping(await echoTarget())).toBe('ping');
    expect(await ping(await tcpTarget((socket) => socket.write('welcome')))).toBe('welcome');
  });

  it('is reached by a name only at the addresses that were checked', async () => {
    const port = await echoTarget();
    const rebinding = [['127.0.0.1'], ['127.0.0.2']];
    expect(await ping(port, { address: 'plc.test', names: rebinding })).toBe('ping');
    expect(await ping(port, { address: 'plc.test', names: [['127.0.0.2']] })).toBe(
      `The allow list of the device does not permit plc.test:${port} (127.0.0.2)`,
    );
  });

  it('is reached at the permitted address of a name that has others too, and never at those', async () => {
    const port = await echoTarget();
    expect(await ping(port, { address: 'plc.test', names: [['::1', '127.0.0.1']] })).toBe('ping');
    const elsewhere = await echoTarget('127.0.0.2');
    expect(await ping(elsewhere, { address: 'plc.test', names: [['127.0.0.2', '127.0.0.1']] })).toMatch(/refused/);
  });

  it('is reached by a permitted name wherever that leads, but not at a port of the gateway', async () => {
    const port = await echoTarget('127.0.0.2');
    const wish = { address: 'plc.test', names: [['127.0.0.2']], allow: ['PLC.test:*'] };
    expect(await ping(port, wish)).toBe('ping');
    expect(await ping(port, { ...wish, ownerOf: () => 'the control port' })).toMatch(/a port of the gateway itself/);
  });

  it('is not looked up where no address could be permitted', async () => {
    expect(await ping(80, { address: 'plc.test', allow: ['127.0.0.1:81', 'other.test:80'] })).toBe(
      'The allow list of the device does not permit plc.test:80',
    );
  });

  it('is reached at its second address where the first is dead', async () => {
    const port = await echoTarget();
    const wish = { address: 'plc.test', names: [['127.0.0.9', '127.0.0.1']], allow: ['127.0.0.0/8:*'] };
    expect(await ping(port, wish)).toBe('ping');
  });

  it('is given up when told so, also while its name is looked up', async () => {
    const stopping = new AbortController();
    const silent = await tcpTarget((socket) => socket.resume());
    const pinging = ping(silent, { secure: true, signal: stopping.signal });
    stopping.abort(Object.assign(new Error(), { code: 'ETIMEDOUT' }));
    expect(await pinging).toBe('Connection timed out');
    expect(await ping(silent, { address: 'plc.test', signal: stopping.signal })).toBe('Connection timed out');
  });
});

describe('a target over TLS', () => {
  it('is reached where an authority that this PC trusts made its certificate for the address or name asked for', async () => {
    const target = await tlsEcho(issue({ issuer: authority, names: ['plc.test'], addresses: ['127.0.0.1'] }));
    expect(await ping(target.port, { secure: true })).toBe('ping');
    expect(await ping(target.port, { secure: true, address: 'plc.test', names: [['127.0.0.1']] })).toBe('ping');
  });

  it.each([
    ['made for another name', { issuer: authority, names: ['other.test'] }, /made for another name/],
    ['expired', { issuer: authority, addresses: ['127.0.0.1'], from: -9, to: -1 }, /expired/],
    ['not valid yet', { issuer: authority, addresses: ['127.0.0.1'], from: 1, to: 9 }, /not valid yet/],
    ['self-signed', { addresses: ['127.0.0.1'] }, /self-signed/],
    ['of an unknown authority', { issuer: stranger, addresses: ['127.0.0.1'] }, /does not know who issued it/],
  ])('is refused where its certificate is %s, and not a byte was sent', async (_what, wish, wanted) => {
    const target = await tlsEcho(issue(wish));
    expect(await ping(target.port, { secure: true })).toMatch(wanted);
    expect(target.heard()).toBe('');
    expect(await ping(target.port, { secure: true, verifyTargets: false })).toBe('ping');
  });

  it('is refused where it has only old TLS, or none', async () => {
    const pair = issue({ issuer: authority, addresses: ['127.0.0.1'] });
    const old = await tlsEcho(pair, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' });
    expect(await ping(old.port, { secure: true })).toBe('The target does not speak TLS 1.2 or newer');
    const plain = await tcpTarget((socket) => socket.end('220 plain text here\r\n'));
    expect(await ping(plain, { secure: true })).toBe('The target does not speak TLS 1.2 or newer');
  });
});
