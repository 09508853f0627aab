/** `sluice device` of the built program, at a hub in this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtProgram, type Ended, sluice } from '../support/command-line.ts';
import { raspi, secret, startHub, type TestHub } from '../support/hub.ts';
import { closeAll, echoTarget } from '../support/sockets.ts';
import { temporaryFolder } from '../support/store.ts';
import { waitFor } from '../support/wait.ts';

let hub: TestHub;
const children: ChildProcess[] = [];
beforeEach(async () => {
  hub = await startHub({}, ['tcp', 'tls']);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  closeAll();
  await hub.hub.stop();
});

const wish = (...more: string[]): string[] => [
  ...['device', '--hub', `127.0.0.1:${hub.port()}`, '--transport', 'tcp', '--user', raspi.user],
  ...['--device', raspi.device, ...more],
];

interface Running {
  readonly child: ChildProcess;
  out: string;
  err: string;
  readonly code: Promise<number | null>;
}

function run(args: string[], { input, env = {} }: { input?: string; env?: Record<string, string> } = {}): Running {
  const child = spawn(process.execPath, [builtProgram, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  children.push(child);
  const code = once(child, 'close').then(([code]) => code as number | null);
  const running: Running = { child, out: '', err: '', code };
  child.stdout.setEncoding('utf8').on('data', (said: string) => {
    running.out += said;
  });
  child.stderr.setEncoding('utf8').on('data', (said: string) => {
    running.err += said;
  });
  child.stdin.end(input);
  return running;
}

const inEnvironment = { env: { SLUICE_CREDENTIALS: secret } };
const isOnline = (): boolean => hub.hub.device(raspi.user, raspi.device)?.proxying === 'yes';

describe('sluice device', () => {
  it('says in one line that it is connected, leads streams to permitted targets, and leaves gently', async () => {
    const folder = join(temporaryFolder(), 'none');
    const env = { ...inEnvironment.env, SLUICE_DATA: folder };
    const running = run(wish('--allow', '127.0.0.1:*'), { env });
    await waitFor(isOnline, 'the device to be online');
    const stream = hub.hub.openStream(raspi, { address: '127.0.0.1', port: await echoTarget(), secure: false });
    await once(stream, 'connect');
    stream.end('hello');
    expect(await text(stream)).toBe('hello');
    expect(running.out).toBe(`Connected to 127.0.0.1:${hub.port()} as alice/dev1.\n`);
    running.child.kill('SIGTERM');
    expect(await running.code).toBe(0);
    await waitFor(() => !hub.hub.device(raspi.user, raspi.device), 'the hub to know that it has left');
    expect(running.out.split('\n')).toHaveLength(2);
    expect(running.err).toMatch(/Stopping/);
    expect(existsSync(folder)).toBe(false);
  });

  it('says it as a JSON line where that is wanted, and logs JSON', async () => {
    const running = run(wish('--json'), inEnvironment);
    await waitFor(isOnline, 'the device to be online');
    await waitFor(() => running.out.endsWith('\n'), 'the line');
    expect(JSON.parse(running.out)).toEqual({
      event: 'online',
      hub: `127.0.0.1:${hub.port()}`,
      user: 'alice',
      device: 'dev1',
    });
    expect(JSON.parse(running.err.split('\n')[0] ?? '').msg).toMatch(/No target is permitted/);
    running.child.kill('SIGINT');
    expect(await running.code).toBe(0);
  });

  it.each([
    ['stdin', (): [string[], object] => [['--credentials', '-'], { input: `${secret}\n` }]],
    [
      'a file',
      (): [string[], object] => {
        const file = join(temporaryFolder(), 'secret');
        writeFileSync(file, `${secret}\r\n`);
        return [['--credentials-file', file], {}];
      },
    ],
    ['the command line', (): [string[], object] => [['--credentials', secret], {}]],
  ])('takes its credentials from %s', async (_where, given) => {
    const [more, options] = given();
    const running = run(wish(...more), options);
    await waitFor(isOnline, 'the device to be online');
    running.child.kill('SIGTERM');
    expect(await running.code).toBe(0);
    expect(running.out + running.err).not.toContain(secret);
  });

  it('takes a pinned hub over TLS, and of another one says what its certificate is', async () => {
    const { fingerprint } = hub.hub.status();
    const over = (verify: string): string[] => [
      ...['device', '--hub', `127.0.0.1:${hub.port('tls')}`, '--user', raspi.user, '--device', raspi.device],
      ...['--verify', verify],
    ];
    const wary = run(over('system'), inEnvironment);
    await waitFor(() => wary.err.includes(`pin:${fingerprint}`), 'the advice to pin');
    expect(wary.err).toContain('it is self-signed');
    wary.child.kill('SIGTERM');
    expect(await wary.code).toBe(0);
    run(over(`pin:${fingerprint}`), inEnvironment);
    await waitFor(isOnline, 'the device to be online');
  });

  it('says that its login was refused, in one line, and can be ended then', async () => {
    const running = run(wish(), { env: { SLUICE_CREDENTIALS: 'wrong-credentials' } });
    await waitFor(() => running.err.includes('refused the login as alice/dev1'), 'it to tell');
    running.child.kill('SIGTERM');
    expect(await running.code).toBe(0);
    expect(running.out).toBe('');
    expect(running.err).not.toContain('wrong-credentials');
  });

  it.each<[string, string[], RegExp]>([
    ['no hub', ['device', '--user', 'a', '--device', 'd'], /--hub/],
    ['a hub without port', ['device', '--hub', 'x', '--user', 'a', '--device', 'd'], /HOST:PORT/],
    ['a port that is none', ['device', '--hub', 'x:0', '--user', 'a', '--device', 'd'], /--hub: Use a port/],
    ['a user that is none', ['device', '--hub', 'x:1', '--user', 'a b', '--device', 'd'], /--user/],
    ['an unknown transport', ['device', '--hub', 'x:1', '--user', 'a', '--device', 'd', '--transport', 'udp'], /tls/],
    ['a bad pin', ['device', '--hub', 'x:1', '--user', 'a', '--device', 'd', '--verify', 'pin:12'], /--verify/],
    ['a bad target', ['device', '--hub', 'x:1', '--user', 'a', '--device', 'd', '--allow', '80'], /--allow/],
  ])('says what is wrong with %s, and ends with 2', async (_what, args, wanted) => {
    expectUsage(await sluice(args, { data: '/nowhere', ...inEnvironment }), wanted);
  });

  it('wants credentials, and says which file it cannot read', async () => {
    expectUsage(await sluice(wish(), { data: '/nowhere' }), /SLUICE_CREDENTIALS/);
    expectUsage(await sluice(wish('--credentials', '-'), { data: '/nowhere' }), /--credentials/);
    expectUsage(
      await sluice(wish('--credentials-file', '/no/such'), { data: '/nowhere' }),
      /\/no\/such .*no such file/,
    );
  });
});

function expectUsage({ code, out, err }: Ended, wanted: RegExp): void {
  expect(err).toMatch(wanted);
  expect({ code, out }).toEqual({ code: 2, out: '' });
}
