/** `npm start` on a PC with a display where Electron is neither installed nor reachable, and where it does not run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronBinary } from '../../scripts/choose-host.mjs';
import { prepareFolder } from '../support/hub-folder.ts';
import { unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

describe('npm start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-start-'));
    prepareFolder(folder, {});
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the start script until the gateway has answered, ends it, and gives what it said on stderr besides the log. */
  async function start(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
    const place = ['--data', folder, '--control', '127.0.0.1:0', '--hidden'];
    const child = spawn(process.execPath, [resolve('scripts/start.mjs'), ...place, ...args], {
      env: { ...process.env, npm_config_electron_mirror: undefined, ELECTRON_GET_USE_PROXY: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', err: '' };
    child.stdout.on('data', (text) => {
      said.out += text;
    });
    child.stderr.on('data', (text) => {
      said.err += text;
    });
    const ended = once(child, 'close');
    try {
      await waitFor(() => said.out.includes('Sluice is ready.'), `ready, not ${said.err}`, 20_000);
      const [, port, token] = /localhost:(\d+)\/#token=(\S+)/.exec(said.out) ?? [];
      const answer = await fetch(`http://127.0.0.1:${port}/v1/proxies`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(answer.status).toBe(200);
    } finally {
      child.kill();
    }
    expect((await ended)[0]).toBe(0);
    return said.err.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  }

  const reason = (why: string) => `No desktop application here: ${why}. The gateway runs without a window of its own.`;

  const isInstalled = existsSync(electronBinary('node_modules/electron', process.platform, {}));
  it.runIf(!isInstalled)('says in one line that Electron cannot be reached, and runs the gateway', async () => {
    const mirror = `http://127.0.0.1:${await unusedPort()}`;
    const env = { DISPLAY: ':99', ELECTRON_MIRROR: `${mirror}/`, electron_config_cache: folder };
    const why = `Electron is not installed, and ${mirror.slice(7)} does not answer`;
    expect(await start(['--no-sandbox'], env)).toEqual([reason(why)]);
  });

  it.runIf(!isInstalled)(
    'says in one line that Electron could not be fetched, after the words of its installer',
    async () => {
      const mirror = createServer((_, answer) => answer.writeHead(404).end()).listen(0, '127.0.0.1');
      await once(mirror, 'listening');
      const { port } = mirror.address() as AddressInfo;
      const env = { DISPLAY: ':99', ELECTRON_MIRROR: `http://127.0.0.1:${port}/`, electron_config_cache: folder };
      const said = await start(['--no-sandbox'], env);
      mirror.close();
      expect(said[0]).toBe('Fetching Electron …');
      expect(said.at(-1)).toBe(reason('Electron could not be fetched'));
    },
  );

  it('says in one line that there is no display', async () => {
    expect(await start([], { DISPLAY: '', WAYLAND_DISPLAY: '' })).toEqual([reason('there is no display')]);
  });

  it('runs the gateway where Electron is there but does not run', async () => {
    writeFileSync(join(folder, 'electron'), '#!/bin/sh\nexit 127\n', { mode: 0o755 });
    const env = { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: folder };
    const why = 'Electron does not run on this PC (its own words are above)';
    expect(await start(['--no-sandbox'], env)).toEqual([reason(why)]);
  });

  it('hands every argument to Electron where it runs', async () => {
    const electron = '#!/bin/sh\nprintf "%s\\n" "$@" >"$(dirname "$0")/given"\nexit 0\n';
    writeFileSync(join(folder, 'electron'), electron, { mode: 0o755 });
    const child = spawn(process.execPath, [resolve('scripts/start.mjs'), '--data', folder, '--no-sandbox'], {
      env: { ...process.env, DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: folder },
    });
    expect((await once(child, 'close'))[0]).toBe(0);
    expect(readFileSync(join(folder, 'given'), 'utf8').split('\n').slice(1)).toEqual([
      '--data',
      folder,
      '--no-sandbox',
      '',
    ]);
  });
});
