/** Makes every gap of a conversation an entry of its own, so that readers need not look at offsets. */
import type { Entry } from './conversation.ts';

/** The entries as they are, with a gap wherever offsets jump without one; also at the beginning. */
export async function* withGaps(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  const reached = { received: 0, sent: 0 };
  for await (const entry of entries) {
    if (entry.kind !== 'end') {
      const { at, way, offset } = entry;
      const length = offset - reached[way];
      if (length > 0) yield { kind: 'gap', at, way, offset: reached[way], length };
      reached[way] = offset + (entry.kind === 'gap' ? entry.length : entry.bytes.length);
    }
    yield entry;
  }
}
