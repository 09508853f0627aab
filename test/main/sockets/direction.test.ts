import { createHash, randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { Direction } from '../../../main/sockets/direction.ts';
import { adopt } from '../../../main/sockets/raw-socket.ts';
import { issue } from '../../support/certificates.ts';

const MIB = 1024 * 1024;
const pair = issue({ names: ['localhost'], addresses: ['127.0.0.1'] });

describe.each([{ kind: 'plain' }, { kind: 'TLS' }])('a direction that reads a socket with $kind', ({ kind }) => {
  const endings: (() => void)[] = [];
  afterEach(() => {
    for (const end of endings.splice(0)) end();
  });

  async function listen(server: net.Server): Promise<net.Socket> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endings.push(() => server.close());
    const { port } = server.address() as net.AddressInfo;
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    endings.push(() => socket.destroy());
    return socket;
  }

  /** The near ends of a sender and of a receiver, whose far ends the test has. */
  async function ends(direction: Direction) {
    const isSecure = kind === 'TLS';
    const source = isSecure
      ? tls.createServer({ key: pair.key, cert: pair.cert, allowHalfOpen: true })
      : net.createServer({ pauseOnConnect: true, allowHalfOpen: true });
    const accepted = once(source, isSecure ? 'secureConnection' : 'connection');
    const raw = await listen(source);
    const sender = isSecure ? tls.connect({ socket: raw, rejectUnauthorized: false }) : raw;
    const [from] = (await accepted) as [net.Socket];
    const target = net.createServer({ allowHalfOpen: true });
    const reached = once(target, 'connection');
    const to = await listen(target);
    const [receiver] = (await reached) as [net.Socket];
    const near = isSecure ? from : adopt(from, direction.onread);
    endings.push(
      () => near.destroy(),
      () => receiver.destroy(),
    );
    near.on('end', () => to.end());
    direction.start(near, to, { isConnecting: false, adopts: true });
    return { sender, receiver };
  }

  async function hashOf(receiver: net.Socket, isSlow: boolean): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of receiver) {
      hash.update(chunk as Buffer);
      if (isSlow && randomInt(8) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return hash.digest('hex');
  }

  it.each([
    { pace: 'slow', isSlow: true },
    { pace: 'fast', isSlow: false },
  ])('delivers writes of all sizes unchanged to a $pace receiver', async ({ isSlow }) => {
    const sent = createHash('sha256');
    const direction = new Direction(() => {});
    const { sender, receiver } = await ends(direction);
    const received = hashOf(receiver, isSlow);
    let total = 0;
    while (total < 48 * MIB) {
      const piece = randomBytes(randomInt(1, randomInt(2) === 0 ? 3000 : 300_000));
      sent.update(piece);
      total += piece.length;
      if (!sender.write(piece)) await once(sender, 'drain');
    }
    sender.end();
    expect(await received).toBe(sent.digest('hex'));
    expect(direction.bytes).toBe(total);
  });

  it('delivers all to one that reads nothing at first, and holds little meanwhile', async () => {
    const direction = new Direction(() => {});
    const { sender, receiver } = await ends(direction);
    const piece = randomBytes(64 * MIB);
    sender.end(piece);
    while (!direction.isBlocked) await new Promise((resolve) => setImmediate(resolve));
    const received = hashOf(receiver, true);
    expect(await received).toBe(createHash('sha256').update(piece).digest('hex'));
  });
});
