/** A Modbus TCP target with ten registers, and a client that polls it: real bytes for whoever looks at them. */
import type net from 'node:net';
import { onClose, tcpTarget } from './sockets.ts';

/** Register 0 counts the polls, the others hold their number times 100. */
export function modbusPlc(): Promise<number> {
  let polls = 0;
  return tcpTarget((socket) => {
    socket.on('data', (request: Buffer) => {
      const count = request.readUInt16BE(10);
      const answer = Buffer.alloc(9 + count * 2);
      request.copy(answer, 0, 0, 4);
      answer.writeUInt16BE(3 + count * 2, 4);
      answer[6] = request[6] ?? 0;
      answer[7] = 3;
      answer[8] = count * 2;
      polls += 1;
      answer.writeUInt16BE(polls & 0xffff, 9);
      for (let register = 1; register < count; register += 1) answer.writeUInt16BE(register * 100, 9 + register * 2);
      socket.write(answer);
    });
    socket.on('end', () => socket.end());
  });
}

/** Reads ten holding registers every so often, until the test ends. */
export function poll(client: net.Socket, everyMs = 50): void {
  let transaction = 0;
  const timer = setInterval(() => {
    transaction += 1;
    const id = Buffer.from([transaction >> 8, transaction & 255]);
    client.write(Buffer.concat([id, Buffer.from([0, 0, 0, 6, 1, 3, 0, 0, 0, 10])]));
  }, everyMs);
  onClose(() => clearInterval(timer));
  client.resume();
}
