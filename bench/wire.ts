/** What the near end asks of the far end: the first bytes of each connection, and the count that some get back. */

/**
 * `echo`: sends back what comes. `sink`: swallows it and answers with the count. `flood`: sends until the client goes.
 * `both`: swallows and sends at once; the count is the last that it sends. `udp`: the count of datagrams so far.
 */
const services = ['echo', 'sink', 'flood', 'both', 'udp'] as const;
export type Service = (typeof services)[number];

export const HEAD_BYTES = 5;
export const COUNT_BYTES = 8;

/** @param windowMs  of what arrives, only this much time is counted; 0: all of it */
export function head(service: Service, windowMs = 0): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.writeUInt8(services.indexOf(service));
  bytes.writeUInt32BE(windowMs, 1);
  return bytes;
}

export function readHead(bytes: Buffer): { readonly service: Service; readonly windowMs: number } {
  const service = services[bytes.readUInt8()];
  if (!service) throw new Error('This is not for the far end of the bench.');
  return { service, windowMs: bytes.readUInt32BE(1) };
}

export function count(bytes: number): Buffer {
  const answer = Buffer.alloc(COUNT_BYTES);
  answer.writeDoubleBE(bytes);
  return answer;
}

export const readCount = (answer: Buffer): number => answer.readDoubleBE();
