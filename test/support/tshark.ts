/** tshark of Debian, as the judge of files with packets: installed where that is possible. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { hasPrograms } from './apt.ts';

const run = promisify(execFile);

export const hasTshark = (): boolean => hasPrograms(['/usr/bin/tshark'], ['tshark']);

/** Checksums are not looked at by default. */
const JUDGE = ['ip', 'tcp', 'udp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);

export interface Dissected {
  /** What tshark prints with these arguments; fails where it has said anything on stderr. */
  tshark(...args: string[]): Promise<string>;
  /** One line for each packet that the filter lets through; values are parted by tabs. */
  fields(filter: string, ...names: string[]): Promise<string[][]>;
  /** What it finds strange: warnings and errors of its experts, one line each. */
  complaints(): Promise<string[]>;
  /** The bytes of both ways of a TCP or UDP stream. */
  follow(transport: 'tcp' | 'udp', stream: number): Promise<{ received: Buffer; sent: Buffer }>;
}

/** Writes the parts into a file for tshark, which is removed when the test has finished. */
export async function dissect(parts: AsyncIterable<Buffer>, ...settings: string[]): Promise<Dissected> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tshark-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'capture.pcapng');
  await writeFile(file, parts);
  const tshark = async (...args: string[]): Promise<string> => {
    const all = ['-r', file, '-n', ...JUDGE, ...settings, ...args];
    const { stdout, stderr } = await run('tshark', all, { maxBuffer: 512 * 1024 * 1024, timeout: 60_000 });
    const said = stderr.split('\n').filter((line) => line && !line.startsWith('Running as user "root"'));
    if (said.length > 0) throw new Error(`tshark said: ${said.join('\n')}`);
    return stdout;
  };
  const fields = async (filter: string, ...names: string[]): Promise<string[][]> => {
    const text = await tshark('-Y', filter, '-T', 'fields', ...names.flatMap((name) => ['-e', name]));
    return text.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]));
  };
  return {
    tshark,
    fields,
    complaints: async () => {
      const [text, malformed] = [
        await tshark('-q', '-z', 'expert,warn'),
        await fields('_ws.malformed', 'frame.number'),
      ];
      const found = malformed.map(([frame]) => `malformed: frame ${frame}`);
      return [...text.split('\n').filter((line) => /^ +\d/.test(line)), ...found];
    },
    follow: async (transport, stream) => {
      const text = await tshark('-q', '-z', `follow,${transport},raw,${stream}`);
      const lines = text.split('\n').filter((line) => /^\t?[0-9a-f]+$/.test(line));
      const bytes = (isAnswer: boolean) =>
        Buffer.from(
          lines
            .filter((line) => line.startsWith('\t') === isAnswer)
            .join('')
            .replaceAll('\t', ''),
          'hex',
        );
      return { received: bytes(false), sent: bytes(true) };
    },
  };
}
