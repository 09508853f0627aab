import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { builtProgram, type Ended, type RunOptions, sluice } from '../support/command-line.ts';
import { type Program, startProgram } from '../support/program.ts';
import { attempt, closeAll, connect, echoTarget, outcome, tcpTarget, unusedPort } from '../support/sockets.ts';
import { contentsOf, temporaryFolder } from '../support/store.ts';
import { waitFor } from '../support/wait.ts';

afterEach(closeAll);

const serveArgs = ['serve', '--json', '--control', '127.0.0.1:0'];

/** A gateway of this test alone. It is killed if the test fails before it ended it. */
async function startHere(folder = temporaryFolder()): Promise<Program> {
  const program = await startProgram(folder);
  onTestFinished(() => void program.process.kill('SIGKILL'));
  return program;
}

describe('the command line of a running gateway', () => {
  let gateway: Program;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
    gateway = await startProgram(folder);
  });
  afterAll(async () => void (await gateway.stop()));
  afterEach(async () => {
    for (const { proxy } of await listed()) await gateway.call('DELETE', `/v1/proxies/${proxy}`);
  });

  const run = (...args: string[]): Promise<Ended> => sluice(args, { data: folder });
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out);
  const listed = async (): Promise<{ proxy: string }[]> => (await gateway.call('GET', '/v1/proxies')).body;
  const stored = async (proxy: string) => (await gateway.call('GET', `/v1/proxies/${proxy}`)).body;
  const add = async (id: string, ...flags: string[]): Promise<number> => {
    const port = await unusedPort();
    const base = ['proxies', 'add', '--id', id, '--port', String(port), '--target', '127.0.0.1:7'];
    expect(await run(...base, ...flags)).toMatchObject({ code: 0, err: '' });
    return port;
  };

  test('adds a proxy that works, shows it and its pipes, and kills one', async () => {
    const target = await echoTarget();
    const port = await unusedPort();
    const flags = ['--id', 'plc', '--name', 'PLC web', '--port', String(port), '--target', `127.0.0.1:${target}`];
    const sentence = `TCP ${port} on this PC → 127.0.0.1:${target}; open to this PC only; not encrypted.`;
    expect(await run('proxies', 'add', ...flags)).toEqual({ code: 0, out: `Added plc: ${sentence}\n`, err: '' });

    const client = await connect(port);
    client.write('hello');
    expect(String((await once(client, 'data'))[0])).toBe('hello');

    const list = await run('proxies', 'list');
    expect(list.out).toContain(`plc  PLC web  TCP       127.0.0.1:${port}`);
    expect(list.out).toMatch(/ listening\n$/);
    const shown = await run('proxies', 'show', 'plc');
    expect(shown.out).toContain(sentence);
    expect(shown.out).toMatch(/Bytes +5 B to the target, 5 B back/);

    const [pipe] = await json('pipes', 'list', '--proxy', 'plc', '--state', 'open');
    expect(pipe).toMatchObject({ proxy: 'plc', received: 5, sent: 5 });
    expect((await run('pipes', 'list')).out).toMatch(new RegExp(`${pipe.pipe} +plc +TCP .* 5 B +5 B +open\n`));
    expect(await run('pipes', 'kill', pipe.pipe)).toMatchObject({ code: 0, err: '' });
    expect(await outcome(client)).toBe('ECONNRESET');
    expect((await run('pipes', 'list', '--proxy', 'plc')).out).toContain('killed by control token');
    expect(await run('pipes', 'kill', 'p0')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('There is no pipe p0.'),
    });
  });

  test('answers scripts with the JSON of the API', async () => {
    await add('a');
    expect(await json('proxies', 'show', 'a')).toEqual(await stored('a'));
    const [summary] = await json('proxies', 'list');
    expect(summary).toMatchObject({ proxy: 'a', status: { state: 'listening' } });
    expect(summary).not.toHaveProperty('config');
    expect(await json('status')).toMatchObject({ host: 'headless', profiles: { listening: 1 }, notices: [] });
    expect(await json('proxies', 'disable', 'a')).toMatchObject([{ proxy: 'a', enabled: false }]);
    expect(await json('proxies', 'remove', 'a')).toEqual([{ proxy: 'a' }]);
  });

  test('changes only what was given', async () => {
    const port = await add('a', '--description', 'kept', '--allow', '10.0.0.0/8', '--allow', '::1', '--max-pipes', '3');
    const before = await stored('a');
    expect(before.config.source.allow).toEqual(['10.0.0.0/8', '::1']);
    const change = ['--name', 'Pump', '--idle-timeout', '90', '--target', '[::1]:502'];
    expect(await run('proxies', 'set', 'a', ...change)).toMatchObject({ code: 0, err: '' });
    expect(await stored('a')).toEqual({
      ...before,
      name: 'Pump',
      config: {
        ...before.config,
        target: { ...before.config.target, address: '::1', port: 502 },
        limits: { ...before.config.limits, idleTimeoutMs: 90_000 },
      },
      modified: expect.any(Number),
    });
    expect(await run('proxies', 'set', 'a', '--protocol', 'udp', '--no-allow')).toMatchObject({ code: 0, err: '' });
    expect((await stored('a')).config).toMatchObject({
      protocol: 'udp',
      source: { port, allow: [] },
      limits: { udpIdleTimeoutMs: 60_000, maxPipes: 3 },
    });
  });

  test('leads a proxy through a device, and says that it waits for it', async () => {
    const device = ['--protocol', 'tcp_iotmp', '--target-user', 'alice', '--target-device', 'raspi', '--target-secure'];
    const base = ['--id', 'far', '--port', String(await unusedPort()), '--target', '10.0.0.7:502', '--linger', '5'];
    const added = await run('proxies', 'add', ...base, ...device);
    expect(added).toMatchObject({ code: 0, out: expect.stringContaining('10.0.0.7:502 through device raspi;') });
    expect(added.err).toContain('No device raspi is registered for the account alice.');
    const { out } = await run('proxies', 'show', 'far');
    expect(out).toMatch(/State +waiting: .*\nDevice +alice\/raspi\nAllowed +this PC only\nLimits +.* linger 5 s, any/);
    expect((await run('proxies', 'list')).out).toMatch(/ TCP·IoTMP .* 10\.0\.0\.7:502 via alice\/raspi +waiting: /);
    const before = await stored('far');
    expect(await run('proxies', 'set', 'far', '--target', '10.0.0.8:503')).toMatchObject({ code: 0 });
    expect((await stored('far')).config.target).toEqual({ ...before.config.target, address: '10.0.0.8', port: 503 });

    expect(await attempt(before.config.source.port)).toBe('ECONNRESET');
    expect((await run('pipes', 'list')).out).toMatch(/ 10\.0\.0\.8:503 via alice\/raspi .* target not reached\n/);
  });

  test('names a flag that the protocol has no use for, in the words of the flag', async () => {
    await add('u', '--protocol', 'udp');
    expect(await run('proxies', 'set', 'u', '--connect-timeout', '5')).toEqual({
      code: 2,
      out: '',
      err: 'error: --connect-timeout is not for UDP\n',
    });
    expect((await run('proxies', 'set', 'u', '--idle-timeout', '0')).err).toContain('Use 0.1 to 604800 seconds.');
  });

  test('takes whole proxies from a file and from stdin', async () => {
    const target = { type: 'address', address: '127.0.0.1', port: 7 };
    const body = (proxy: string, port: number, protocol: string) =>
      JSON.stringify({ proxy, name: proxy, enabled: true, config: { protocol, source: { port }, target } });
    const file = join(temporaryFolder(), 'proxy.json');
    writeFileSync(file, body('from-file', await unusedPort(), 'tcp'));
    expect(await run('proxies', 'add', '--file', file)).toMatchObject({ code: 0, err: '' });
    const input = body('from-stdin', await unusedPort(), 'udp');
    const piped = await sluice(['proxies', 'add', '--file', '-'], { data: folder, input });
    expect(piped).toMatchObject({ code: 0, err: '' });
    const rename: RunOptions = { data: folder, input: '{"name":"Piped"}' };
    expect(await sluice(['proxies', 'set', 'from-stdin', '--file', '-'], rename)).toMatchObject({ code: 0, err: '' });
    expect(await stored('from-stdin')).toMatchObject({ name: 'Piped', config: { protocol: 'udp' } });
    const broken = await sluice(['proxies', 'add', '--file', '-'], { data: folder, input: '{"proxy":' });
    expect(broken).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^What was piped in could not be read: .*\n$/),
    });
  });

  test('turns several proxies on and off, and does the others where one fails', async () => {
    const port = await add('a');
    await add('b', '--disabled');
    const off = await run('proxies', 'disable', 'a', 'nobody', 'b');
    expect(off).toMatchObject({ code: 1, out: 'Disabled a.\nDisabled b.\n' });
    expect(off.err).toMatch(/^There is no proxy with the ID nobody\. .*\n$/);
    expect(await attempt(port)).toBe('ECONNREFUSED');
    expect(await run('proxies', 'enable', 'a', 'b')).toMatchObject({ code: 0, out: 'Enabled a.\nEnabled b.\n' });
    // Nobody listens at the target.
    expect(await attempt(port)).toBe('ECONNRESET');
    expect(await run('proxies', 'remove', 'a', 'b')).toMatchObject({ code: 0, out: 'Removed a.\nRemoved b.\n' });
    expect((await run('proxies', 'list')).out).toContain('There are no proxies yet.');
  });

  test('tells at once when the port of a new proxy cannot be opened', async () => {
    const port = await echoTarget();
    const added = await run('proxies', 'add', '--id', 'a', '--port', String(port), '--target', '10.0.0.7:80');
    expect(added).toMatchObject({ code: 0, err: expect.stringContaining(`Port ${port} is already taken by`) });
    expect((await run('proxies', 'list')).out).toMatch(/ (fault|retrying): Port \d+ is already taken by/);
    const doctor = await run('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.out).toMatch(/✗ a is in state (fault|retrying): Port \d+ is already taken by/);
  });

  test('lets no name of a proxy rule the terminal', async () => {
    const refused = await run(
      'proxies',
      'add',
      '--id',
      'b',
      '--port',
      '18091',
      '--target',
      'plc:9',
      '--name',
      'evil\u001b[2J\u202e\r\nX',
    );
    expect(refused).toMatchObject({ code: 1, err: 'name: Use letters and signs that can be seen.\n' });
    await add('a', '--name', 'evil\u200b\ufeffX');
    for (const args of [['list'], ['show', 'a'], ['list', '--json'], ['show', 'a', '--json']]) {
      const { out } = await run('proxies', ...args);
      expect(out).toContain('evil');
      expect(out).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    }
    expect((await json('proxies', 'show', 'a')).name).toBe('evil\u200b\ufeffX');
  });

  test('examines everything', async () => {
    const port = await add('a');
    const doctor = await run('doctor');
    expect(doctor).toMatchObject({ code: 0, err: '' });
    expect(doctor.out).toContain(`✓ Process ${gateway.process.pid} is using the data folder.`);
    expect(doctor.out).toContain(`answers at ${gateway.url}.`);
    expect(doctor.out).toContain(`✓ a is in state listening on 127.0.0.1:${port}.`);
    expect(doctor.out).not.toContain('✗');
  });

  describe('given values that cannot be used', () => {
    const base = { '--id': 'new', '--port': '18090', '--target': '10.0.0.7:80' };
    const limits = (value: object) => ({ config: { ...valid.config, limits: value } });
    const valid = {
      proxy: 'new',
      name: 'New',
      config: { protocol: 'tcp', source: { port: 18090 }, target: { type: 'address', address: '10.0.0.7', port: 80 } },
    };
    const { source, target } = valid.config;
    const udp = (part: object) => ({ ...valid, config: { ...valid.config, protocol: 'udp', ...part } });

    test.each<[string, Record<string, string>, string]>([
      ['port 0', { '--port': '0' }, 'config.source.port: Use a port from 1 to 65535.'],
      ['port 70000', { '--port': '70000' }, 'config.source.port: Use a port from 1 to 65535.'],
      ['a target port of 70000', { '--target': 'x:70000' }, 'config.target.port: Use a port from 1 to 65535.'],
      ['an ID with a space', { '--id': 'a b' }, 'proxy: Use 1 to 32 letters, digits, hyphens or underscores.'],
      [
        'an ID of 33 characters',
        { '--id': 'x'.repeat(33) },
        'proxy: Use 1 to 32 letters, digits, hyphens or underscores.',
      ],
      [
        'an unknown protocol',
        { '--protocol': 'sctp' },
        'config.protocol: Use one of: tcp, udp, tcp+udp, tcp_iotmp, http_iotmp.',
      ],
      [
        'a network that is none',
        { '--allow': '10.0.0.0/33' },
        'config.source.allow.0: Use an address or a network such as 192.168.1.0/24, or !192.168.1.31 to keep one out.',
      ],
      [
        'a target that is its own port',
        { '--target': '127.0.0.1:18090' },
        'config.target: The target 127.0.0.1:18090 is a port of Sluice itself (proxy new). The pipe would feed itself.',
      ],
    ])('refuses %s in a flag', async (_name, flags, line) => {
      const before = await listed();
      const args = Object.entries({ ...base, ...flags }).flat();
      expect(await run('proxies', 'add', ...args)).toEqual({ code: 1, out: '', err: `${line}\n` });
      expect(await listed()).toEqual(before);
    });

    test.each<[string, object, string[]]>([
      ['unknown fields', { ...valid, colour: 1 }, ['colour: The field "colour" is not known here.']],
      [
        'a field inside the source that is not known',
        { ...valid, config: { ...valid.config, source: { ...source, ports: [1] } } },
        ['config.source.ports: The field "ports" is not known here.'],
      ],
      [
        'TLS on UDP',
        udp({ target: { ...target, secure: true } }),
        ['config.target.secure: SSL/TLS needs TCP; leave this field out.'],
      ],
      [
        'several fields at once',
        { ...valid, proxy: '', config: { ...valid.config, source: { port: 0 } } },
        [
          'proxy: Use 1 to 32 letters, digits, hyphens or underscores.',
          'config.source.port: Use a port from 1 to 65535.',
        ],
      ],
      [
        'a limit that is not whole',
        { ...valid, ...limits({ maxPipes: 1.5 }) },
        ['config.limits.maxPipes: Use a whole number, 0 for no limit.'],
      ],
    ])('refuses %s in a file', async (_name, body, lines) => {
      const before = await listed();
      const refused = await sluice(['proxies', 'add', '--file', '-'], { data: folder, input: JSON.stringify(body) });
      expect(refused).toEqual({ code: 1, out: '', err: `${lines.join('\n')}\n` });
      expect(await listed()).toEqual(before);
    });

    test('refuses an ID that is taken', async () => {
      await add('a');
      const before = await listed();
      const again = await run('proxies', 'add', '--id', 'a', '--port', '18090', '--target', '10.0.0.7:80');
      const err = 'A proxy with the ID a exists already. Choose another ID.\n';
      expect(again).toEqual({ code: 1, out: '', err });
      expect((await listed()).map(({ proxy }) => proxy)).toEqual(before.map(({ proxy }) => proxy));
    });

    test('refuses a target that is the control port', async () => {
      const target = `127.0.0.1:${gateway.port}`;
      const refused = await run('proxies', 'add', '--id', 'a', '--port', '18090', '--target', target);
      expect(refused).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^config\.target: The target .* Sluice itself/),
      });
      expect(await listed()).toEqual([]);
    });

    test('changes nothing where an edit is refused', async () => {
      await add('a');
      const before = await stored('a');
      const refused = await run('proxies', 'set', 'a', '--name', 'Other', '--port', '70000');
      expect(refused).toEqual({ code: 1, out: '', err: 'config.source.port: Use a port from 1 to 65535.\n' });
      expect(await stored('a')).toEqual(before);
    });

    test('takes no path for an ID', async () => {
      await add('a');
      const ended = await Promise.all(['..', '.', '', 'a/b', 'a b'].map((id) => run('proxies', 'remove', id)));
      const refused = { code: 1, err: expect.stringMatching(/^There is no proxy/) };
      expect(ended).toMatchObject(ended.map(() => refused));
      expect(await listed()).toHaveLength(1);
    });
  });

  test.each<[string, string[]]>([
    ['no command', []],
    ['an unknown command', ['proxies', 'paint']],
    ['an unknown option', ['status', '--loud']],
    ['a target without port', ['proxies', 'add', '--target', '10.0.0.7']],
    ['a port that is no number', ['proxies', 'add', '--port', 'http']],
    ['an ID to change', ['proxies', 'set', 'a', '--id', 'b', '--name', 'B']],
    ['an edit of nothing', ['proxies', 'set', 'a']],
    ['a file and flags together', ['proxies', 'add', '--file', '-', '--name', 'A']],
    ['a control address for everybody', ['serve', '--control', '0.0.0.0:0']],
  ])('ends with 2 for bad usage: %s', async (_name, args) => {
    expect(await run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^(error: |Usage: )/) });
  });
});

describe('sluice serve', () => {
  test('says that it is ready in one line, and ends gently with 0', async () => {
    const gateway = spawnServe(temporaryFolder());
    const line = await gateway.ready;
    const tokenFile = join(gateway.folder, 'control-token');
    expect(line).toBe(JSON.stringify({ event: 'ready', url: JSON.parse(line).url, tokenFile }));
    expect(readFileSync(join(gateway.folder, 'control.json'), 'utf8')).toContain(`"pid":${gateway.child.pid}`);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toBe(0);
    expect(gateway.out()).toBe(`${line}\n`);
    for (const logged of gateway.err().trim().split('\n')) expect(JSON.parse(logged)).toHaveProperty('msg');
    expect(existsSync(join(gateway.folder, 'control.json'))).toBe(false);
  });

  test('tells people where the page is, and shows no token to what is not a terminal', async () => {
    const gateway = spawnServe(temporaryFolder(), ['serve', '--control', '[::1]:0']);
    const line = await gateway.ready;
    expect(line).toMatch(/^Sluice is ready at http:\/\/sluice\.localhost:\d+\/ \(its token is in .*control-token\)\.$/);
    gateway.child.kill('SIGINT');
    expect(await gateway.exited).toBe(0);
    const token = readFileSync(join(gateway.folder, 'control-token'), 'utf8');
    expect(gateway.out() + gateway.err()).not.toContain(token);
    expect(gateway.err()).toMatch(/^\d\d:\d\d:\d\d info {2}Stopping\. signal=SIGINT\n$/);
  });

  test('lets a busy pipe go on after the first signal, and ends at once after the second', async () => {
    const gateway = spawnServe(temporaryFolder());
    const { url } = JSON.parse(await gateway.ready);
    // More than the buffers on the way hold, to a client that does not read.
    const target = await tcpTarget((socket) => void socket.write(Buffer.alloc(64 * 1024 * 1024)));
    const port = String(await unusedPort());
    const flags = ['--id', 'busy', '--port', port, '--target', `127.0.0.1:${target}`];
    expect(await sluice(['proxies', 'add', ...flags], { data: gateway.folder })).toMatchObject({ code: 0 });
    await connect(Number(port));
    const opened = () => sluice(['pipes', 'list', '--json'], { data: gateway.folder });
    await waitFor(async () => JSON.parse((await opened()).out)[0]?.sent > 0, 'bytes to flow');
    gateway.child.kill('SIGTERM');
    await waitFor(() => gateway.err().includes('Stopping.'), 'the log to say so');
    await waitFor(
      () => attempt(Number(new URL(url).port)).then((how) => how === 'ECONNREFUSED'),
      'the control port to close',
    );
    expect(gateway.child.exitCode).toBe(null);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toBe(1);
  });

  test('logs a mistake, stops gently and ends with 1', async () => {
    const plant = 'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("planted")})';
    const gateway = spawnServe(temporaryFolder(), serveArgs, ['--import', plant]);
    await gateway.ready;
    gateway.child.kill('SIGUSR2');
    expect(await gateway.exited).toBe(1);
    expect(JSON.parse(gateway.err())).toMatchObject({ level: 50, err: { message: 'planted' } });
    expect(existsSync(join(gateway.folder, 'control.json'))).toBe(false);
  });

  test('ends with 3 within 2 s where another one has the data folder, and writes nothing', async () => {
    const first = await startHere();
    const before = contentsOf(first.folder);
    const second = spawnServe(first.folder);
    const late = setTimeout(() => second.child.kill('SIGKILL'), 2000);
    expect(await second.exited).toBe(3);
    clearTimeout(late);
    expect(second.err()).toMatch(/^The data folder .* is in use by another Sluice \(process \d+\)\. .*\n$/);
    expect(contentsOf(first.folder)).toEqual(before);
    expect(await first.stop()).toBe(0);
  });

  test('ends with 1 and one clear line where the control port is taken', async () => {
    const port = await echoTarget();
    const ended = await sluice(['serve'], { data: temporaryFolder(), env: { SLUICE_CONTROL: `127.0.0.1:${port}` } });
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toMatch(/^The control port could not be opened\. Port \d+ is already taken.* --control .*\n$/);
  });

  test('takes the folder of a gateway that was killed; commands before that find nobody', async () => {
    const first = await startHere();
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    expect(existsSync(join(first.folder, 'control.json'))).toBe(true);
    const alone = await sluice(['status'], { data: first.folder });
    expect(alone).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^No Sluice is running on .* sluice serve\n$/),
    });
    const second = await startHere(first.folder);
    expect(await sluice(['status'], { data: first.folder })).toMatchObject({ code: 0, err: '' });
    expect(await second.stop()).toBe(0);
  });
});

describe('a damaged config.json', () => {
  /** A folder with one proxy that was saved by a gateway. */
  async function savedFolder(): Promise<string> {
    const folder = temporaryFolder();
    const gateway = await startHere(folder);
    const flags = ['--id', 'plc', '--port', String(await unusedPort()), '--target', '10.0.0.7:80'];
    expect(await sluice(['proxies', 'add', ...flags], { data: folder })).toMatchObject({ code: 0 });
    await gateway.stop({ keep: true });
    return folder;
  }

  test('gives way to the newest good copy, is kept, and the user is told', async () => {
    const folder = await savedFolder();
    writeFileSync(join(folder, 'config.json'), '{ "proxies": [');
    const doctor = await sluice(['doctor'], { data: folder });
    expect(doctor).toMatchObject({
      code: 1,
      out: expect.stringContaining('✗ config.json cannot be read. The good copy of'),
    });
    const gateway = await startHere(folder);
    const status = await sluice(['status'], { data: folder });
    expect(status.out).toMatch(/! The configuration could not be read\. The good copy of .* is in use\. /);
    const [kept = ''] = readdirSync(folder).filter((name) => name.startsWith('config.damaged-'));
    expect(status.out).toContain(`The damaged file is kept as ${kept}.`);
    expect(readFileSync(join(folder, kept), 'utf8')).toBe('{ "proxies": [');
    expect((await sluice(['proxies', 'list'], { data: folder })).out).toContain('plc');
    expect(await gateway.stop()).toBe(0);
  });

  test('without any good copy ends the start with 4 and changes nothing', async () => {
    const folder = await savedFolder();
    rmSync(join(folder, 'backups'), { recursive: true });
    writeFileSync(join(folder, 'config.json'), 'x');
    const before = contentsOf(folder);
    const ended = await sluice(serveArgs, { data: folder });
    expect(ended).toMatchObject({
      code: 4,
      out: '',
      err: expect.stringMatching(/^The configuration in .* no good backup/),
    });
    expect(ended.err.trim().split('\n')).toHaveLength(1);
    expect(contentsOf(folder)).toEqual(before);
    expect((await sluice(['doctor'], { data: folder })).out).toContain('✗ The configuration in');
  });
});

interface Spawned {
  readonly folder: string;
  readonly child: ChildProcess;
  /** The first line of stdout. */
  readonly ready: Promise<string>;
  readonly exited: Promise<number | null>;
  readonly out: () => string;
  readonly err: () => string;
}

function spawnServe(folder: string, args = serveArgs, nodeArgs: string[] = []): Spawned {
  const child = spawn(process.execPath, [...nodeArgs, builtProgram, ...args, '--data', folder]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const ready = waitFor(() => said.out.includes('\n') && said.out.slice(0, said.out.indexOf('\n')), 'the ready line');
  ready.catch(() => {});
  return { folder, child, ready, exited, out: () => said.out, err: () => said.err };
}
