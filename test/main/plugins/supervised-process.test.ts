import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isThere, program, serve, startHost } from '../../support/plugin-host.ts';
import { unusedPort } from '../../support/sockets.ts';
import { temporaryFolder } from '../../support/store.ts';
import { waitFor } from '../../support/wait.ts';

const noProgram = resolve('package.json');
const forever = 'setInterval(() => {}, 1000);';

describe('a program that Sluice runs', () => {
  it('is starting until it answers, then running, and stopped when it is told to', async () => {
    const port = await unusedPort();
    const profile = program(serve(port), port);
    const { host, states, reaches, lines } = await startHost([profile]);
    const { pid, error } = await reaches('running');
    expect(pid).toBeGreaterThan(1);
    expect(error).toBeNull();
    await waitFor(() => lines().includes('out: listens'), 'its first line');

    await host.replace({ ...profile, process: { ...profile.process, enabled: false } as typeof profile.process });
    expect((await reaches('stopped')).pid).toBeNull();
    expect(isThere(pid ?? 0)).toBe(false);
    expect(states).toEqual(['starting', 'running', 'stopping', 'stopped']);
    expect(lines()).toEqual([
      `gateway: Started as process ${pid}.`,
      'out: listens',
      'gateway: Is told to end.',
      'gateway: Ended with signal SIGTERM.',
    ]);
  });

  it('is started again with growing delay when it crashes, and its last lines are kept', async () => {
    const script = `console.error('cannot open its file'); process.exit(3);`;
    const { status, lines } = await startHost([program(script, await unusedPort())]);
    const delays: number[] = [];
    const words = new Set<string | undefined>();
    await waitFor(() => {
      const { state, retryAt, since, restarts, error, pid } = status();
      if (state === 'crashed' && pid === null) {
        delays[restarts] = (retryAt ?? 0) - since;
        words.add(error?.message);
      }
      return delays.filter((delay) => delay > 0).length >= 5;
    }, 'some starts');
    expect([...words]).toEqual(['Plugin Broker ended by itself (code 3).']);
    expect(lines().slice(1, 3)).toEqual(['err: cannot open its file', 'gateway: Ended with code 3.']);
    const [first = 0, ...later] = delays.filter((delay) => delay > 0);
    expect(Math.max(...later)).toBeGreaterThan(first * 2);
  });

  it('that listens but later ends tells what it wrote before it ended', async () => {
    const port = await unusedPort();
    const script = `${serve(port)} setTimeout(() => { process.stdout.write('no line end'); process.kill(process.pid, 'SIGSEGV'); }, 300);`;
    const { reaches, lines } = await startHost([program(script, port, { restart: false })]);
    await reaches('running');
    const { error, retryAt } = await reaches('crashed');
    expect(error?.message).toBe('Plugin Broker ended by itself (signal SIGSEGV).');
    expect(error?.next).toBe('Read what it wrote last, then start it again.');
    expect(retryAt).toBeNull();
    expect(lines().slice(-2)).toEqual(['out: no line end', 'gateway: Ended with signal SIGSEGV.']);
  });

  it('that ends well and is not to run again is stopped, not crashed', async () => {
    const { reaches } = await startHost([program('process.exit(0)', await unusedPort(), { restart: false })]);
    expect((await reaches('stopped')).error).toBeNull();
  });

  it('that never answers is not answering after its time, and never running', async () => {
    const port = await unusedPort();
    const { reaches, states } = await startHost([program(forever, port)], { times: { graceMs: 100 } });
    const { error, pid } = await reaches('not_answering');
    expect(pid).toBeGreaterThan(1);
    expect(error?.message).toBe(`Plugin Broker does not answer on 127.0.0.1:${port}: nothing listens there.`);
    expect(states).toEqual(['starting', 'not_answering']);
  });

  it('that does not listen on TCP is running while it is there', async () => {
    const { reaches, status } = await startHost([{ ...program(forever, await unusedPort()), transport: 'udp' }]);
    await reaches('running');
    expect(status().pid).not.toBeNull();
  });

  it.each([
    ['a program that is not there', { command: '/nowhere/program' }, 'there is no program /nowhere/program'],
    ['a folder that is not there', { cwd: '/nowhere' }, 'there is no folder /nowhere'],
    ['a file that may not be run', { command: noProgram }, `${noProgram} may not be run, or its folder not be entered`],
  ])('says why it could not be started for %s', async (_, change, reason) => {
    const { reaches, lines } = await startHost([program('', await unusedPort(), change)]);
    const { error } = await reaches('crashed');
    expect(error).toMatchObject({ code: 'PLUGIN_NOT_STARTED', details: { reason } });
    expect(lines()[0]).toBe(`gateway: Could not be started: ${reason}.`);
  });

  it('runs without a shell, in a folder of its own, with few variables and its own', async () => {
    process.env.SLUICE_TEST_SECRET = 'of the gateway';
    const tell = 'console.log(JSON.stringify([process.cwd(), process.argv[1], process.env]));';
    const change = { args: ['-e', tell, '$(touch pwned); *'], env: { COLOUR: 'red' }, restart: false };
    const { lines, reaches, folder } = await startHost([program('', await unusedPort(), change)]);
    await reaches('stopped');
    delete process.env.SLUICE_TEST_SECRET;
    const said = lines().find((line) => line.startsWith('out: ')) ?? '';
    const [cwd, argument, env] = JSON.parse(said.slice(5));
    expect(cwd).toBe(join(folder, 'plugins', 'gateway', 'broker'));
    expect(argument).toBe('$(touch pwned); *');
    expect(readdirSync(cwd)).toEqual([]);
    expect(env).toMatchObject({ COLOUR: 'red', PATH: process.env.PATH });
    expect(env.SLUICE_TEST_SECRET).toBeUndefined();
    expect(Object.keys(env).filter((name) => /SLUICE|VITEST|NODE_OPTIONS/.test(name))).toEqual(['SLUICE_RUN']);
  });

  it('gets its secrets, which no log shows', async () => {
    const tell = `console.log('token is ' + process.env.TOKEN); console.log(process.env.TOKEN.length);`;
    const profile = program(tell, await unusedPort(), { restart: false, secrets: ['TOKEN'] });
    const { lines, reaches } = await startHost([profile], { secretsOf: () => ({ TOKEN: 'hunter2-hunter2' }) });
    await reaches('stopped');
    expect(lines().slice(1, 3)).toEqual(['out: token is •••', 'out: 15']);
  });

  it('that does not heed the gentle signal is cut, together with what it has started', async () => {
    const port = await unusedPort();
    const script = `process.on('SIGTERM', () => console.log('no')); ${serve(port)}
      console.log('child ' + require('node:child_process').spawn('sleep', ['1000']).pid);`;
    const profile = program(script, port);
    const { host, reaches, lines } = await startHost([profile], { times: { stopMs: 200 } });
    const { pid } = await reaches('running');
    const child = await waitFor(() => Number(/child (\d+)/.exec(lines().join())?.[1] ?? 0), 'a child');
    await host.remove(profile);
    expect(isThere(-(pid ?? 0))).toBe(false);
    await waitFor(() => !isThere(child), 'the child to be gone');
  });

  it('that was removed and has not ended yet is cut when the gateway ends', async () => {
    const port = await unusedPort();
    const profile = program(`process.on('SIGTERM', () => console.log('no')); ${serve(port)}`, port);
    const { host, reaches, lines } = await startHost([profile], { times: { stopMs: 600_000 } });
    const { pid } = await reaches('running');
    const removed = host.remove(profile);
    expect(lines()).toEqual([]);
    await host.stop({ deadlineMs: 50 });
    expect(isThere(pid ?? 0)).toBe(false);
    await removed;
  });

  it('leaves nothing behind that would hold its port when it crashes', async () => {
    const script = `const { pid } = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit' });
      console.log('child ' + pid); setTimeout(() => process.exit(1), 50);`;
    const { lines, reaches } = await startHost([program(script, await unusedPort(), { restart: false })]);
    await reaches('crashed');
    const child = Number(/child (\d+)/.exec(lines().join())?.[1]);
    await waitFor(() => !isThere(child), 'the child to be gone');
  });

  it.runIf(process.platform === 'linux')('leaves nothing behind that has left its group', async () => {
    const script = `const { pid } = require('node:child_process').spawn('sleep', ['1000'], { detached: true });
      console.log('child ' + pid); setTimeout(() => process.exit(0), 50);`;
    const { lines, reaches } = await startHost([program(script, await unusedPort(), { restart: false })]);
    await reaches('stopped');
    const child = Number(/child (\d+)/.exec(lines().join())?.[1]);
    await waitFor(() => !isThere(child), 'the child to be gone');
  });

  it('is started anew with what was changed, and left alone by other changes', async () => {
    const port = await unusedPort();
    const profile = program(serve(port), port);
    const { host, reaches, status } = await startHost([profile]);
    const { pid } = await reaches('running');
    await host.replace({ ...profile, name: 'Another name' });
    expect(status()).toMatchObject({ state: 'running', pid });
    const { process } = profile;
    if (!process) throw new Error('It is a program.');
    await host.replace({ ...profile, process: { ...process, env: { A: '1' } } });
    expect((await reaches('running')).pid).not.toBe(pid);
  });

  it('that would wait for its next start is started at once when somebody asks', async () => {
    const folder = temporaryFolder();
    const port = await unusedPort();
    const script = `if (!require('node:fs').existsSync('ready')) process.exit(1); ${serve(port)}`;
    const { host, reaches } = await startHost([program(script, port, { cwd: folder })], {
      times: { firstRetryMs: 600_000, longestRetryMs: 600_000 },
    });
    await reaches('crashed');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'ready'), '');
    await host.retry({ user: 'gateway', plugin: 'broker' });
    await reaches('running');
  });
});
