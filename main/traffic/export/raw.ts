/** The bytes of a conversation and nothing else: of one way, or of both as they came. Gaps are left out. */
import type { Conversation, Way } from '../conversation.ts';

export interface RawOptions {
  /** `both` by default: parts of either way, one after the other as they came. */
  readonly way?: Way | 'both';
}

export async function* raw(conversation: Conversation, { way = 'both' }: RawOptions = {}): AsyncGenerator<Buffer> {
  for await (const entry of conversation.entries()) {
    if (entry.kind === 'data' && (way === 'both' || entry.way === way)) yield entry.bytes;
  }
}
