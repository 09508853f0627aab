import { expect, test } from 'vitest';
import { withGaps } from '../../../main/traffic/gaps.ts';
import { all, conversation, OPENED, Script } from '../../support/recorded.ts';

const shown = async (script: Script) =>
  (await all(withGaps(conversation({}, script.entries).entries()))).map((entry) => {
    if (entry.kind === 'end') return `${entry.way} ends`;
    return `${entry.way} ${entry.offset}: ${entry.kind === 'gap' ? `gap of ${entry.length}` : entry.bytes}`;
  });

test('entries without gaps stay as they are', async () => {
  const script = new Script().data('received', 'abc').data('sent', 'x').data('received', 'd').end('received');
  expect(await shown(script)).toEqual(['received 0: abc', 'sent 0: x', 'received 3: d', 'received ends']);
});

test('a jump of the offset is a gap of its own, at the beginning too, once', async () => {
  const script = new Script(10).data('sent', 'a').gap('sent', 5).data('sent', 'b');
  script.entries.push({ kind: 'data', at: OPENED, way: 'sent', offset: 20, bytes: Buffer.from('c') });
  expect(await shown(script)).toEqual([
    'sent 0: gap of 10',
    'sent 10: a',
    'sent 11: gap of 5',
    'sent 16: b',
    'sent 17: gap of 3',
    'sent 20: c',
  ]);
});
