/** A conversation as lines of JSON: the facts of its pipe, then each entry. For programs that read line by line. */
import { isUtf8 } from 'node:buffer';
import type { Conversation, Entry } from '../conversation.ts';

/** Line ends and tabs belong to text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

const line = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

/** The text that bytes are as a whole, if they are. */
function textOf(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  return CONTROL.test(text) ? undefined : text;
}

function shown(entry: Entry): unknown {
  const { at, way } = entry;
  switch (entry.kind) {
    case 'data': {
      const { offset, bytes } = entry;
      return { at, way, offset, length: bytes.length, text: textOf(bytes), base64: bytes.toString('base64') };
    }
    case 'gap':
      return { at, way, offset: entry.offset, gap: entry.length };
    case 'end':
      return { at, way, end: entry.how };
  }
}

export async function* jsonl(conversation: Conversation): AsyncGenerator<Buffer> {
  yield line(conversation.pipe);
  for await (const entry of conversation.entries()) yield line(shown(entry));
}
