/** The formats in which a conversation leaves Sluice: what they are called, and what writes them. */
import type { Pipe } from '../../../shared/pipe.ts';
import type { Conversation } from '../conversation.ts';
import { type HarOptions, har } from './har.ts';
import { jsonl } from './jsonl.ts';
import { type PcapngOptions, pcapng } from './pcapng.ts';
import { type RawOptions, raw } from './raw.ts';

export const formatNames = ['pcapng', 'har', 'jsonl', 'raw'] as const;
export type FormatName = (typeof formatNames)[number];

/** What formats can be told; each takes what concerns it. */
export interface ExportOptions extends PcapngOptions, HarOptions, RawOptions {}

export interface Format {
  readonly mediaType: string;
  /** Of file names, without the dot. */
  readonly ending: string;
  /** The file in parts, holding an entry at a time (HAR: an exchange). */
  readonly write: (conversation: Conversation, options?: ExportOptions) => AsyncGenerator<Buffer>;
}

export const formats: Readonly<Record<FormatName, Format>> = {
  pcapng: {
    mediaType: 'application/x-pcapng',
    ending: 'pcapng',
    write: (conversation, options) => pcapng([conversation], options),
  },
  har: { mediaType: 'application/json', ending: 'har', write: (conversation, options) => har(conversation, options) },
  jsonl: { mediaType: 'application/jsonl', ending: 'jsonl', write: (conversation) => jsonl(conversation) },
  raw: {
    mediaType: 'application/octet-stream',
    ending: 'bin',
    write: (conversation, options) => raw(conversation, options),
  },
};

/** Letters, digits and hyphens, neither long nor empty: such names mean nothing to any system or shell. */
const part = (text: string): string =>
  text
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60) || 'x';

/** `sluice-pump-p17.pcapng`, good on every system whatever the proxy is called. */
export function fileName({ proxy, pipe }: Pick<Pipe, 'proxy' | 'pipe'>, format: FormatName): string {
  return `sluice-${part(proxy)}-${part(pipe)}.${formats[format].ending}`;
}
