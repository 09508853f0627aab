import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { type Machine, startMachine, whyNoMachine } from '../support/machine.ts';
import { closeAll, connect, echoTarget, readAll, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

const reason = whyNoMachine();
if (reason) process.stderr.write(`The Debian package is not installed by this run: ${reason}.\n`);

/** An address that is this PC's, and that nothing else uses. */
const ADDRESS = '127.83.76.1';

function packaged(version: string): string {
  const args = ['scripts/package-deb.ts', '--version', version];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
}

/** What the unit says; the last line of a key counts. */
function unitOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => (/^\w+=/.test(line) ? [line.split(/=(.*)/, 2) as [string, string]] : [])),
  );
}

async function echoes(host: string, port: number): Promise<void> {
  const client = await connect(port, host);
  client.end('through the package');
  expect((await readAll(client)).toString()).toBe('through the package');
}

describe.runIf(reason === undefined)('the Debian package', () => {
  let machine: Machine;
  let control: number;

  beforeAll(async () => {
    machine = await startMachine();
    // Making the index of manual pages anew takes seconds each time.
    await machine.run('rm', '-f', '/var/lib/man-db/auto-update');
    control = await unusedPort();
  });
  afterAll(async () => {
    closeAll();
    await machine.stop();
  });

  async function run(command: string, ...args: string[]): Promise<string> {
    const { code, out, err } = await machine.run(command, ...args);
    expect({ command: [command, ...args].join(' '), code, err: code === 0 ? '' : err }).toMatchObject({ code: 0 });
    return out;
  }

  /** As systemd would: the unit's command, user and rights, and no other. */
  async function startService(): Promise<{ program: ChildProcess; ended: Promise<number | null> }> {
    const unit = unitOf(await run('cat', '/usr/lib/systemd/system/sluice.service'));
    const user = unit.get('User') ?? '';
    const capability = `+${(unit.get('AmbientCapabilities') ?? '').replace('CAP_', '').toLowerCase()}`;
    const rights = [
      '--no-new-privs',
      `--bounding-set=-all,${capability}`,
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
    ];
    const environment = `set -a; . ${(unit.get('EnvironmentFile') ?? '').replace(/^-/, '')}; umask ${unit.get('UMask')}; exec "$@"`;
    const asUser = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...rights];
    const command = (unit.get('ExecStart') ?? '').split(' ');
    const program = machine.start(
      'env',
      '-i',
      'PATH=/usr/bin:/bin',
      'sh',
      '-c',
      environment,
      'sh',
      ...asUser,
      ...command,
    );
    const ended = once(program, 'close').then(([code]) => code as number | null);
    await waitFor(async () => (await machine.run('sluice', 'status')).code === 0, 'the service to answer', 15_000);
    return { program, ended };
  }

  async function stopService({ ended }: { ended: Promise<number | null> }): Promise<void> {
    await run('pkill', '-TERM', '-u', 'sluice');
    expect(await ended).toBe(0);
  }

  it('installs, runs as its user with ports below 1024, and is driven by command line and page', async () => {
    await run('dpkg', '--install', packaged('0.1.0'));
    await run('systemd-analyze', 'verify', '/usr/lib/systemd/system/sluice.service');
    await run('sh', '-c', `echo SLUICE_CONTROL=127.0.0.1:${control} >> /etc/default/sluice`);
    const target = await echoTarget();
    const service = await startService();

    const processes = await run('sh', '-c', 'ps -o user= -p $(pgrep -d, -f "headless/[s]luice.js serve")');
    expect(processes.trim()).toBe('sluice');
    expect(await run('stat', '-c', '%U %a', '/var/lib/sluice', '/var/lib/sluice/control-token')).toBe(
      'sluice 700\nsluice 600\n',
    );
    const place = ['--port', '81', '--address', ADDRESS, '--target', `127.0.0.1:${target}`];
    await run('sluice', 'proxies', 'add', '--id', 'low', '--name', 'Low port', ...place);
    await echoes(ADDRESS, 81);

    const token = (await run('cat', '/var/lib/sluice/control-token')).trim();
    const browser = await launchBrowser();
    const { page, complaints } = await openPage(browser, `http://sluice.localhost:${control}/#token=${token}`);
    const port = await unusedPort();
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('button', { name: 'Add Proxy' }).first().click();
    await page.getByLabel('Proxy name', { exact: true }).fill('By the page');
    await page.getByLabel('Source port', { exact: true }).fill(String(port));
    await page.getByLabel('Target address', { exact: true }).fill('127.0.0.1');
    await page.getByLabel('Target port', { exact: true }).fill(String(target));
    await page.getByRole('button', { name: 'Add Proxy' }).click();
    await page
      .getByRole('row', { name: /By the page/ })
      .getByText('Listening')
      .waitFor();
    expect(complaints).toEqual([]);
    await browser.close();
    await echoes('127.0.0.1', port);
    await stopService(service);
  });

  it('lets nobody but root and its own user in, and says what to do', async () => {
    const { code, err } = await machine.run('setpriv', '--reuid=nobody', '--clear-groups', 'sluice', 'proxies', 'list');
    expect(code).toBe(1);
    expect(err).toContain('/var/lib/sluice');
    expect(err).toMatch(/rights|permission|root/i);
  });

  it('has a manual page and completion for the shell', async () => {
    expect(await run('man', '--pager=cat', 'sluice')).toContain('sluice proxies add');
    const asked =
      'source /usr/share/bash-completion/completions/sluice; COMP_WORDS=(sluice proxies ""); COMP_CWORD=2; _sluice';
    expect(await run('bash', '-c', `${asked}; echo "\${COMPREPLY[@]}"`)).toContain('list show add set');
  });

  it('keeps data and edited settings through an upgrade', async () => {
    await run('dpkg', '--install', packaged('0.1.1'));
    expect(await run('cat', '/etc/default/sluice')).toContain(`:${control}`);
    const service = await startService();
    expect(await run('sluice', 'proxies', 'list')).toMatch(/low[\s\S]*by-the-page/);
    await echoes(ADDRESS, 81);
    await stopService(service);
  });

  it('keeps data when it is removed, and leaves nothing when it is purged', async () => {
    await run('dpkg', '--remove', 'sluice-gateway');
    expect((await machine.run('ls', '/usr/lib/sluice')).code).not.toBe(0);
    await run('test', '-f', '/var/lib/sluice/config.json');
    await run('test', '-f', '/etc/default/sluice');
    await run('dpkg', '--purge', 'sluice-gateway');
    expect((await machine.run('getent', 'passwd', 'sluice')).code).not.toBe(0);
    const left = await run(
      'find',
      '/etc',
      '/usr',
      '/var',
      '-xdev',
      '-name',
      '*sluice*',
      '-not',
      '-path',
      '/var/cache/*',
    );
    expect(left).toBe('');
  });
});

it('the unit gives the service few rights and says why it has those', () => {
  const unit = unitOf(readFileSync('scripts/deb/sluice.service', 'utf8'));
  expect(Object.fromEntries(unit)).toMatchObject({
    User: 'sluice',
    AmbientCapabilities: 'CAP_NET_BIND_SERVICE',
    CapabilityBoundingSet: 'CAP_NET_BIND_SERVICE',
    NoNewPrivileges: 'yes',
    ProtectSystem: 'strict',
    StateDirectoryMode: '0700',
  });
});
