import { expect, test } from 'vitest';
import { type RawOptions, raw } from '../../../../main/traffic/export/raw.ts';
import { all, Script } from '../../../support/recorded.ts';

test.each<[RawOptions | undefined, string]>([
  [undefined, 'askanswermorethe end'],
  [{ way: 'both' }, 'askanswermorethe end'],
  [{ way: 'received' }, 'askmore'],
  [{ way: 'sent' }, 'answerthe end'],
])('with %j the bytes are %j', async (options, expected) => {
  const script = new Script()
    .data('received', 'ask')
    .data('sent', 'answer')
    .gap('received', 9)
    .data('received', 'more');
  const parts = raw(script.gap('sent', 2).data('sent', 'the end').end('sent').of(), options);
  expect(Buffer.concat(await all(parts)).toString()).toBe(expected);
});
