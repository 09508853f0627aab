import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { birthOf, MARK } from '../../../main/plugins/process-group.ts';
import { RunFile } from '../../../main/plugins/run-file.ts';
import { isThere } from '../../support/plugin-host.ts';
import { temporaryFolder } from '../../support/store.ts';
import { waitFor } from '../../support/wait.ts';

function sleeper(): number {
  const { pid = 0 } = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  onTestFinished(() => {
    if (isThere(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

const open = (folder: string) => {
  const troubles: string[] = [];
  return { file: new RunFile(folder, (message) => troubles.push(message)), troubles };
};

describe.runIf(process.platform === 'linux')('the programs that a gateway has started', () => {
  it('are ended by the next gateway where the first was killed', async () => {
    const folder = temporaryFolder();
    const [left, ended] = [sleeper(), sleeper()];
    const first = open(folder).file;
    first.started('gateway/left', left, randomUUID());
    first.started('gateway/ended', ended, randomUUID());
    first.ended('gateway/ended', ended);
    first.ended('gateway/left', ended);
    expect(statSync(join(folder, 'running.json')).mode & 0o777).toBe(0o600);

    expect(await open(folder).file.endLeftovers()).toEqual(['gateway/left']);
    expect(birthOf(left)).toBeUndefined();
    expect(birthOf(ended)).toBeDefined();
    expect(await open(folder).file.endLeftovers()).toEqual([]);
  });

  it('are ended also where the one that led the others is gone', async () => {
    const folder = temporaryFolder();
    const mark = randomUUID();
    const leader = spawn('sh', ['-c', 'sleep 1000 & echo $!; read line'], {
      detached: true,
      env: { ...process.env, [MARK]: mark },
    });
    const child = await new Promise<number>((resolve) => leader.stdout.once('data', (text) => resolve(Number(text))));
    onTestFinished(() => {
      if (isThere(child)) process.kill(child, 'SIGKILL');
    });
    open(folder).file.started('gateway/left', leader.pid ?? 0, mark);
    leader.stdin.end();
    await waitFor(() => leader.exitCode !== null, 'the leader to end');
    expect(birthOf(child)).toBeDefined();
    expect(await open(folder).file.endLeftovers()).toEqual(['gateway/left']);
    await waitFor(() => birthOf(child) === undefined, 'the child to be gone');
  });

  it('are not mistaken for another process that has got their number', async () => {
    const folder = temporaryFolder();
    const pid = sleeper();
    const path = join(folder, 'running.json');
    open(folder).file.started('gateway/left', pid, randomUUID());
    const noted = JSON.parse(readFileSync(path, 'utf8'));
    noted['gateway/left'].birth = `${noted['gateway/left'].birth}1`;
    writeFileSync(path, JSON.stringify(noted));
    expect(await open(folder).file.endLeftovers()).toEqual([]);
    expect(birthOf(pid)).toBeDefined();
  });

  it('are told from each other by their birth, and those that have ended have none', () => {
    expect(birthOf(process.pid)).toBe(birthOf(process.pid));
    expect(birthOf(process.pid)).not.toBe(birthOf(process.ppid));
    expect(birthOf(2 ** 22 + 1)).toBeUndefined();
  });

  it.each(['', '{', '{"gateway/left":{"pid":-1,"birth":"x"}}', '{"gateway/left":{"pid":1,"birth":"x"}}', '[1]'])(
    'are not guessed from a damaged file: %s',
    async (text) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'running.json'), text);
      const { file, troubles } = open(folder);
      expect(await file.endLeftovers()).toEqual([]);
      expect(troubles).toHaveLength(1);
    },
  );
});
