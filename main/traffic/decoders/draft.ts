/** Messages in the making, and how what came over the wire becomes text with bounds. */
import { type DecodedField, type DecodedMessage, mostBodyLength, mostFields } from '../../../shared/decoded.ts';
import { plain } from '../../../shared/text.ts';
import type { Way } from '../conversation.ts';

/** Where in the traffic something is. */
export interface Place {
  readonly at: number;
  readonly way: Way;
  readonly offset: number;
}

/** A message as decoders make it: texts are cut and cleaned when it is finished. */
export interface Draft {
  readonly title: string;
  readonly tone?: 'plain' | 'fault';
  readonly fields?: readonly DecodedField[];
  readonly body?: Body;
  /** Where it began, if that is not where the bytes begin that were taken last. */
  readonly began?: Place;
  /** Bytes, if it is not all that was taken last. */
  readonly length?: number;
}

export interface Body {
  readonly text: string;
  readonly isCut: boolean;
}

const MOST_TITLE = 200;
const MOST_NAME = 100;
const MOST_VALUE = 1000;
/** Enough to see what kind of bytes they are. */
const LOOKED_AT = 2048;

export function finish(draft: Draft, place: Place, length: number): DecodedMessage {
  const { at, way, offset } = draft.began ?? place;
  const fields = (draft.fields ?? []).slice(0, mostFields).map((field) => ({
    ...field,
    name: line(field.name, MOST_NAME),
    value: line(field.value, MOST_VALUE),
  }));
  const more = (draft.fields?.length ?? 0) - mostFields;
  if (more > 0) fields[mostFields - 1] = { name: 'More', value: `${more + 1} further fields are not shown` };
  const { body } = draft;
  return {
    at,
    way,
    offset,
    length: draft.length ?? length,
    title: line(draft.title, MOST_TITLE),
    tone: draft.tone ?? 'plain',
    fields,
    ...(body ? { body: body.text, ...(body.isCut ? { isBodyCut: true } : {}) } : {}),
  };
}

/** One line of at most so many characters in which no control character has any power. */
export function line(text: string, most: number): string {
  return text.length <= most ? plain(text).toWellFormed() : `${plain(text.slice(0, most - 1)).toWellFormed()}…`;
}

/** Text keeps its lines and tabs; all else that has power is made visible. */
export function textBody(text: string, isCut = false): Body {
  const shown = text
    .slice(0, mostBodyLength)
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => (found === '\r' ? '' : '\uFFFD'))
    .toWellFormed();
  return { text: shown, isCut: isCut || text.length > mostBodyLength };
}

/** Text where it is some, hex pairs otherwise. Undefined where there is nothing. */
export function bytesBody(bytes: Buffer, isCut = false): Body | undefined {
  if (bytes.length === 0) return undefined;
  if (isText(bytes)) return textBody(bytes.toString('utf8', 0, mostBodyLength), isCut || bytes.length > mostBodyLength);
  const most = mostBodyLength / 3;
  return { text: hex(bytes.subarray(0, most)), isCut: isCut || bytes.length > most };
}

/** `0a ff`. */
export const hex = (bytes: Buffer): string => bytes.toString('hex').replace(/..(?!$)/g, '$& ');

/** True where the beginning is UTF-8 without control characters that no text has. */
export function isText(bytes: Buffer): boolean {
  const looked = bytes.subarray(0, LOOKED_AT);
  const text = looked.toString('utf8');
  // A character may have been cut at the end.
  const ends = bytes.length > LOOKED_AT ? text.slice(0, -3) : text;
  return !/[^\P{Cc}\r\n\t]|\uFFFD/u.test(ends);
}

/** Bytes within a line: as text if they are some, else as hex pairs. */
export function shownBytes(bytes: Buffer): string {
  const looked = bytes.subarray(0, MOST_VALUE);
  return isText(looked) ? looked.toString('utf8') : hex(looked);
}
