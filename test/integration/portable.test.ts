import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { extract, list } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carriedNode } from '../../scripts/carried-node.ts';
import { writeChecksums } from '../../scripts/checksums.ts';
import { buildPortable } from '../../scripts/portable-folder.ts';

const root = resolve('.');
const target = process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64';

describe.runIf(process.platform === 'linux')('the portable folder', () => {
  let out: string;
  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), 'sluice packages '));
  });
  afterAll(() => rmSync(out, { recursive: true }));

  it('runs where it was unpacked, also below a folder with spaces in its name', async () => {
    const node = await carriedNode(target, root);
    const archive = await buildPortable({ target, node, root, out, level: 1 });
    const names: string[] = [];
    await list({ file: archive, onReadEntry: ({ path }) => names.push(path) });
    const [folder] = names[0]?.split('/') ?? [];
    expect(names.filter((name) => !name.includes('/renderer/')).sort()).toEqual(
      [
        '',
        'README.txt',
        'headless/',
        'headless/decode-worker.js',
        'headless/sluice.js',
        'headless/worker.js',
        'node',
        'node-license.txt',
        'package.json',
        'renderer/',
        'sluice',
        'third-party-licenses.txt',
      ]
        .map((name) => `${folder}/${name}`)
        .filter((name) => !name.endsWith('/renderer/'))
        .sort(),
    );
    const place = join(out, 'on a stick');
    mkdirSync(place);
    await extract({ file: archive, cwd: place });
    const sluice = join(place, folder ?? '', 'sluice');
    const data = join(out, 'its data');
    const service = spawn(sluice, ['serve', '--json', '--keep-log', '--data', data, '--control', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = await once(createInterface({ input: service.stdout }), 'line');
    const { url } = JSON.parse(String(line)) as { url: string };
    expect(await (await fetch(url.replace('127.0.0.1', 'localhost'))).text()).toContain('<title>Sluice</title>');
    expect(execFileSync(sluice, ['status', '--data', data], { encoding: 'utf8' })).toContain('Sluice');
    service.kill('SIGTERM');
    expect((await once(service, 'close'))[0]).toBe(0);
    expect(readFileSync(join(data, 'logs', 'sluice.log'), 'utf8')).toContain('Stopping.');
  });

  it('for Windows has what makes a service of it, in lines that Windows reads', async () => {
    const program = join(mkdtempSync(join(out, 'node-')), 'node.exe');
    writeFileSync(program, 'stands in for the Node of Windows');
    const node = { program, licence: (await carriedNode(target, root)).licence };
    const archive = await buildPortable({ target: 'win-x64', node, root, out, level: 1 });
    // The names in an archive of this kind are there as they are.
    const bytes = readFileSync(archive, 'latin1');
    for (const name of ['node.exe', 'sluice.cmd', 'install-service.ps1', 'remove-service.ps1', 'headless/sluice.js']) {
      expect(bytes, name).toContain(`/${name}`);
    }
  });

  it('lists the SHA-256 of every package beside it', async () => {
    await writeChecksums(out);
    const checked = execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' });
    expect(checked.match(/: OK$/gm)).toHaveLength(2);
  });
});
