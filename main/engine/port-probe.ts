/** Tells whether a source port could be opened, by opening it for a moment, and finds one that can. */

import dgram from 'node:dgram';
import net, { isIPv6 } from 'node:net';
import { SluiceError } from '../../shared/errors.ts';
import type { Transport } from '../../shared/proxy.ts';
import { listenFault } from './socket-fault.ts';

export interface ProbedPlace {
  readonly address: string;
  readonly port: number;
  readonly transports: readonly Transport[];
}

/** The fault that opening would raise now, or undefined. */
export async function probePort(place: ProbedPlace): Promise<SluiceError | undefined> {
  for (const transport of place.transports) {
    try {
      await (transport === 'tcp' ? openTcp(place) : openUdp(place));
    } catch (error) {
      return listenFault(error, { address: place.address, port: place.port });
    }
  }
  return undefined;
}

/** The first port of the range, upwards from its start, that can be opened and that `isTaken` does not claim. */
export async function findFreePort(
  place: Omit<ProbedPlace, 'port'>,
  range: { readonly from: number; readonly to: number },
  isTaken: (port: number) => boolean,
): Promise<number> {
  for (let port = range.from; port <= range.to; port++) {
    if (isTaken(port)) continue;
    const fault = await probePort({ ...place, port });
    if (!fault) return port;
    if (fault.code === 'ADDRESS_GONE') throw fault;
  }
  throw new SluiceError('NO_FREE_PORT', range);
}

function openTcp({ address, port }: ProbedPlace): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

function openUdp({ address, port }: ProbedPlace): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve()));
  });
}
