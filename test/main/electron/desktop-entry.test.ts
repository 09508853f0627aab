import { expect, test } from 'vitest';
import { desktopEntry } from '../../../main/electron/desktop-entry.ts';

/** Reads as the Desktop Entry Specification says: escapes of the value first, then the quotes, then the field codes. */
function commandOf(entry: string): string[] {
  const line = entry.split('\n').find((found) => found.startsWith('Exec=')) ?? '';
  const escapes: Record<string, string> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };
  const value = line.slice('Exec='.length).replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? '?');
  const words = value.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  expect(words.join(' ')).toBe(value);
  return words.map((word) =>
    word
      .slice(1, -1)
      .replace(/\\(["`$\\])/g, '$1')
      .replaceAll('%%', '%'),
  );
}

test.each([
  '/opt/Sluice/sluice-desktop',
  '/home/a b/Sluice-0.1.0.AppImage',
  '/tmp/$(reboot)`id`/"x"\\y',
  "/tmp/it's;a&b|c>d<e*?#(f)~",
  '/tmp/100%f %% %U',
  '/tmp/line\nExec=/bin/false\ttab\rend',
  '/tmp/äöü – 设备',
])('the command line reads back as it was: %s', (program) => {
  const entry = desktopEntry([program, '--hidden']);
  expect(commandOf(entry)).toEqual([program, '--hidden']);
  expect(entry.split('\n')).toHaveLength(9);
  expect(entry.startsWith('[Desktop Entry]\n')).toBe(true);
});
