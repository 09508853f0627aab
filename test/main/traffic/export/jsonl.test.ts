import { expect, test } from 'vitest';
import { jsonl } from '../../../../main/traffic/export/jsonl.ts';
import { all, OPENED, pipeWith, Script } from '../../../support/recorded.ts';

async function linesOf(script: Script): Promise<unknown[]> {
  const lines = (await all(jsonl(script.of()))).map(String);
  for (const line of lines) expect(line).toMatch(/^[^\n]+\n$/);
  return lines.map((line) => JSON.parse(line));
}

test('the first line has the facts of the pipe, each further one an entry', async () => {
  const script = new Script().data('received', 'ask').gap('sent', 12).data('sent', 'answer').end('sent', 'reset');
  expect(await linesOf(script)).toEqual([
    pipeWith(),
    { at: OPENED + 1, way: 'received', offset: 0, length: 3, text: 'ask', base64: 'YXNr' },
    { at: OPENED + 2, way: 'sent', offset: 0, gap: 12 },
    { at: OPENED + 3, way: 'sent', offset: 12, length: 6, text: 'answer', base64: 'YW5zd2Vy' },
    { at: OPENED + 4, way: 'sent', end: 'reset' },
  ]);
});

test.each([
  ['text with line ends, tabs and signs of all kinds', 'GET / HTTP/1.1\r\n\tü – 漢 🙂 "\\', true],
  ['nothing at all', '', true],
  ['a BOM', '\ufeffx', true],
  ['a NUL', 'a\0b', false],
  ['an escape sequence', '\u001b[2J', false],
  ['a control character of the second kind', 'a\u0085b', false],
  ['half a character', Buffer.from([0xc3]), false],
  ['other bytes', Buffer.from([0x80, 0xff, 0x00]), false],
])('bytes that are %s', async (_, bytes, isText) => {
  const [, entry] = (await linesOf(new Script().data('sent', bytes))) as { text?: string; base64: string }[];
  expect(entry?.text).toBe(isText ? bytes : undefined);
  expect(Buffer.from(entry?.base64 ?? '', 'base64')).toEqual(Buffer.from(bytes));
});
