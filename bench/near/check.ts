/**
 * What has to hold before and after speed counts: bytes unchanged, the half-closed pipe goes on, and a client that
 * does not read stops the sender instead of filling the memory in between.
 */
import { createHash, randomBytes } from 'node:crypto';
import type net from 'node:net';
import { connect } from '../sockets.ts';
import { head } from '../wire.ts';
import type { Figures, Job } from './job.ts';

const BLOCK = randomBytes(1024 * 1024);
/** More than the kernel of any machine takes on the six buffers of the way. */
const OFFERED = 64;
const STILL_MS = 200;

/** Resolves when nothing is taken any more, with the blocks that were. */
async function offer(socket: net.Socket): Promise<number> {
  let taken = 0;
  let changed = performance.now();
  for (let block = 0; block < OFFERED; block++) {
    socket.write(BLOCK, () => {
      taken += 1;
      changed = performance.now();
    });
  }
  while (taken < OFFERED && performance.now() - changed < STILL_MS) await new Promise((done) => setTimeout(done, 50));
  return taken;
}

/** `held`: bytes that were on their way while nobody read. Throws where something does not hold. */
export async function check({ way }: Job): Promise<Figures> {
  const hash = createHash('sha256');
  const expected = createHash('sha256');
  for (let block = 0; block < OFFERED; block++) expected.update(BLOCK);
  let isReading = false;
  let heldBack: Buffer[] = [];
  const socket = await connect(way, {
    take: (chunk) => {
      if (isReading) hash.update(chunk);
      else heldBack.push(Buffer.from(chunk));
      return isReading;
    },
  });
  socket.write(head('echo'));
  const taken = await offer(socket);
  if (taken === OFFERED) throw new Error('A sender is not stopped although nobody reads.');
  isReading = true;
  for (const chunk of heldBack) hash.update(chunk);
  heldBack = [];
  socket.resume();
  socket.end();
  await new Promise<void>((resolve, reject) => {
    socket.once('end', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The pipe was cut.')));
  });
  if (hash.digest('hex') !== expected.digest('hex')) throw new Error('The bytes that came back are not those sent.');
  return { held: taken * BLOCK.length };
}
