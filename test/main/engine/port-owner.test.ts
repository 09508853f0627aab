/** Who holds a port, on each system. Windows is played from what its tools print, in languages that it has. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { withPortOwner } from '../../../main/engine/port-owner.ts';
import { ownerByLsof, type RunTool, runTool } from '../../../main/engine/port-tools.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { closeAll, tcpTarget, udpEcho } from '../../support/sockets.ts';

afterEach(closeAll);

const taken = (port: number) => new SluiceError('PORT_IN_USE', { address: '0.0.0.0', port });
const me = { process: basename(process.execPath), pid: process.pid };

const netstat = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:15020          0.0.0.0:0              ABHÖREN         11
  TCP    192.168.1.10:5020      192.168.1.31:52114     HERGESTELLT     12
  TCP    0.0.0.0:5020           0.0.0.0:0              ABHÖREN         4312
  TCP    [::]:5021              [::]:0                 ABHÖREN         77
  UDP    0.0.0.0:5020           *:*                                    99
  UDP    [::]:5353              *:*                                    0
`;
const netsh = `
Protocol tcp Port Exclusion Ranges

Start Port    End Port
----------    --------
      5357        5357
     50000       50059     *

* - Administered port exclusions.
`;

/** Answers as Windows does; what nobody asked for is a failure. */
const windows: RunTool = async (program, args) => {
  if (program.endsWith('netstat.exe')) return netstat;
  if (program.endsWith('netsh.exe')) return netsh;
  if (program.endsWith('tasklist.exe') && args.includes('PID eq 4312'))
    return '"modscan.exe","4312","Console","1","9,120 K"\r\n';
  if (program.endsWith('tasklist.exe')) return 'INFORMATION: Es werden keine Aufgaben ausgeführt.';
  throw new Error(`${program} is not played here.`);
};

describe('Linux', () => {
  test.runIf(process.platform === 'linux')('names the program that listens, for TCP and for UDP', async () => {
    const tcp = await tcpTarget(() => {});
    const fault = await withPortOwner(taken(tcp), { port: tcp, transports: ['tcp'] });
    expect(fault.details).toMatchObject({ port: tcp, ...me });
    expect(fault.message).toBe(`Port ${tcp} is already taken by ${me.process} (process ${me.pid}).`);
    const port = await udpEcho();
    expect((await withPortOwner(taken(port), { port, transports: ['udp'] })).details).toMatchObject(me);
    const nobody = taken(tcp);
    expect(await withPortOwner(nobody, { port: tcp, transports: ['udp'] })).toBe(nobody);
  });
});

describe('Windows', () => {
  const ask = (fault: SluiceError, port: number, transport: 'tcp' | 'udp' = 'tcp') =>
    withPortOwner(fault, { port, transports: [transport] }, 'win32', windows);

  test('names the program that listens, whatever the language of its tools', async () => {
    expect((await ask(taken(5020), 5020)).message).toBe('Port 5020 is already taken by modscan.exe (process 4312).');
    expect((await ask(taken(5021), 5021)).details).toMatchObject({ process: 'another program', pid: 77 });
    expect((await ask(taken(5020), 5020, 'udp')).details).toMatchObject({ pid: 99 });
  });

  test.each([5353, 52_114, 6000])('names nobody where there is nobody to name: %i', async (port) => {
    const fault = taken(port);
    expect(await ask(fault, port, port === 5353 ? 'udp' : 'tcp')).toBe(fault);
  });

  test('tells of ports that it has set aside for itself, which no program uses', async () => {
    const refused = (port: number) => new SluiceError('PORT_NOT_ALLOWED', { address: '0.0.0.0', port });
    const reserved = await ask(refused(50_010), 50_010);
    expect(reserved.code).toBe('PORT_RESERVED');
    expect(reserved.message).toBe('Windows has set aside ports 50000–50059 for itself. No program is using 50010.');
    for (const port of [49_999, 50_060]) expect((await ask(refused(port), port)).code).toBe('PORT_NOT_ALLOWED');
  });

  test('says what it knows where a tool fails', async () => {
    const fault = taken(5020);
    const broken: RunTool = () => Promise.reject(new Error('blocked'));
    expect(await withPortOwner(fault, { port: 5020, transports: ['tcp'] }, 'win32', broken)).toBe(fault);
  });
});

const lsof = ['/usr/bin/lsof', '/usr/sbin/lsof'].find((path) => existsSync(path));
describe.runIf(lsof)('the lsof of macOS, as Debian has it', () => {
  test('names the program that listens, and no client of the port', async () => {
    const port = await tcpTarget(() => {});
    const found = await ownerByLsof('tcp', port, runTool, lsof);
    expect(found?.pid).toBe(process.pid);
    expect(found?.process).not.toBe('');
    expect(await ownerByLsof('udp', port, runTool, lsof)).toBeUndefined();
    const datagrams = await udpEcho();
    expect((await ownerByLsof('udp', datagrams, runTool, lsof))?.pid).toBe(process.pid);
  });
});

test('a system that is not known names nobody', async () => {
  const fault = taken(1);
  expect(await withPortOwner(fault, { port: 1, transports: ['tcp'] }, 'aix', windows)).toBe(fault);
});
