import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { isListenerOf } from '../../../main/electron/port-owner.ts';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1CFC 00000000:0000 0A 00000000:00000000 00:00000000 00000000   997        0 3851146 1 0 100 0 0 10 0
   1: 0100007F:1CFD 0100007F:1CFC 01 00000000:00000000 00:00000000 00000000  1000        0 3854811 1 0 100 0 0 10 0
   2: 00000000:1CFE 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 3854812 1 0 100 0 0 10 0
`;

test.each([
  ['of its owner', 7420, [0, 997], true],
  ['of somebody else', 7420, [0, 998], false],
  ['that is only the end of a connection', 7421, [1000], false],
  ['of all addresses', 7422, [0, 997], false],
  ['that nobody holds', 7423, [0, 997, 1000], false],
])('a port %s', (_, port, users, isTheirs) => {
  expect(isListenerOf(users, port, table)).toBe(isTheirs);
});

test.runIf(process.platform === 'linux')('a real listener of ours is ours and of nobody else', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const us = process.getuid?.() ?? -1;
  expect([isListenerOf([us], port), isListenerOf([us + 1], port)]).toEqual([true, false]);
  server.close();
});
