/** The far end of the bench, a process of its own. Prints its ports: plain, with TLS, with TLS that resumes nothing. */
import { constants } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type net from 'node:net';
import { flood, listen, type Take } from './sockets.ts';
import { count, HEAD_BYTES, readHead } from './wire.ts';

const [folder] = process.argv.slice(2);

let datagrams = 0;

/** What a connection does is in its first bytes. */
function serve(): Take {
  let head = Buffer.alloc(0);
  let take: Take | undefined;
  return (chunk, socket) => {
    if (take) return take(chunk, socket);
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) return true;
    take = begin(head, socket);
    return head.length > HEAD_BYTES ? take(head.subarray(HEAD_BYTES), socket) : true;
  };
}

function begin(bytes: Buffer, socket: net.Socket): Take {
  const { service, windowMs } = readHead(bytes);
  switch (service) {
    case 'echo':
      return echo(socket);
    case 'flood':
      flood(socket, () => false);
      socket.on('end', () => socket.destroy());
      return () => true;
    case 'sink':
      return swallow(socket, windowMs);
    case 'both': {
      let hasEnded = false;
      socket.once('end', () => {
        hasEnded = true;
      });
      flood(socket, () => hasEnded);
      return swallow(socket, windowMs);
    }
    case 'udp':
      socket.end(count(datagrams));
      return () => true;
  }
}

function echo(socket: net.Socket): Take {
  const written = (): void => {
    if (socket.writableLength === 0) socket.resume();
  };
  socket.on('end', () => socket.end());
  return (chunk) => {
    socket.write(chunk, written);
    return socket.writableLength === 0;
  };
}

/** Answers the end with the count of what arrived in time. */
function swallow(socket: net.Socket, windowMs: number): Take {
  let bytes = 0;
  const until = windowMs === 0 ? Number.POSITIVE_INFINITY : performance.now() + windowMs;
  socket.on('end', () => socket.end(count(bytes)));
  return (chunk) => {
    if (performance.now() < until) bytes += chunk.length;
    return true;
  };
}

async function listenUdp(): Promise<number> {
  const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  socket.on('message', () => {
    datagrams += 1;
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

const ports = { udp: await listenUdp(), plain: await listen(serve), tls: 0, fresh: 0 };
if (folder !== undefined) {
  const shown = { key: readFileSync(`${folder}/server.key`), cert: readFileSync(`${folder}/server.crt`) };
  ports.tls = await listen(serve, shown);
  ports.fresh = await listen(serve, { ...shown, secureOptions: constants.SSL_OP_NO_TICKET });
}
process.stdout.write(`${JSON.stringify(ports)}\n`);
