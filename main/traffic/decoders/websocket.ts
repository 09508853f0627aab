/** WebSocket frames (RFC 6455) with compression per message (RFC 7692); a message is one, however many frames it has. */
import { constants, inflateRawSync } from 'node:zlib';
import { bytesText } from '../../../shared/text.ts';
import { ByteHold } from './byte-hold.ts';
import { mostWaiting } from './decoder.ts';
import { type Body, bytesBody, type Draft, line, type Place, textBody } from './draft.ts';
import { type Found, foundAtStart, type Step, type WayReader } from './framed.ts';
import { jsonBody } from './json.ts';

const CONTINUED = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const NAMES: Readonly<Record<number, string>> = {
  [TEXT]: 'Text',
  [BINARY]: 'Binary',
  [CLOSE]: 'Close',
  [PING]: 'Ping',
  [PONG]: 'Pong',
};
const WINDOW = 32_768;
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);
const SHOWN = 100;

/** Whose messages are packed without what came before them; undefined where nothing is packed. */
export type Deflate = { readonly client: boolean; readonly server: boolean } | undefined;

/** @param extensions of the answer */
export function agreedDeflate(extensions: string | undefined): Deflate {
  if (!extensions || !/\bpermessage-deflate\b/.test(extensions)) return undefined;
  const isFresh = (who: string): boolean => extensions.includes(`${who}_no_context_takeover`);
  return { client: isFresh('client'), server: isFresh('server') };
}

interface Frame {
  readonly isLast: boolean;
  readonly isPacked: boolean;
  readonly code: number;
  readonly payload: Buffer;
}

interface UnderWay {
  readonly code: number;
  readonly isPacked: boolean;
  readonly began: Place;
  readonly kept: ByteHold;
  size: number;
  bytes: number;
  frames: number;
}

export class WebSocketReader implements WayReader {
  readonly #isFresh: boolean;
  readonly #mayBePacked: boolean;
  /** The last of what was unpacked; null where it is not known. */
  #window: Buffer | null = Buffer.alloc(0);
  #message: UnderWay | null = null;

  constructor(end: 'client' | 'server', deflate: Deflate) {
    this.#mayBePacked = deflate !== undefined;
    this.#isFresh = deflate?.[end] ?? true;
  }

  read(bytes: Buffer, place: Place): Step {
    if (bytes.length < 2) return { need: 2 };
    const size = headSize(bytes);
    if (bytes.length < size) return { need: size };
    const problem = this.#problem(bytes);
    if (problem) return { bad: problem };
    const whole = size + payloadSize(bytes);
    if (bytes.length < whole) return { need: whole, isWhole: true };
    return { take: whole, messages: this.#frame(frameOf(bytes, size, whole), whole, place) };
  }

  find(bytes: Buffer): Found {
    if (bytes.length < 2) return { from: 0, isFound: false };
    const size = headSize(bytes);
    const isWhole = bytes.length >= size && size + payloadSize(bytes) <= bytes.length;
    return foundAtStart(isWhole && this.#problem(bytes) === null);
  }

  finish(_why: 'end' | 'lost', _rest: Buffer, _place: Place): readonly Draft[] | undefined {
    this.#window = null;
    const message = this.#message;
    this.#message = null;
    if (!message) return undefined;
    const { began, bytes } = message;
    return [{ title: `${NAMES[message.code]}, its end is missing`, tone: 'fault', began, length: bytes }];
  }

  #problem(bytes: Buffer): string | null {
    const first = bytes[0] as number;
    const code = first & 15;
    const isControl = code >= CLOSE;
    if ((code > BINARY && !isControl) || code > PONG) return 'it is no WebSocket frame';
    if (first & 0x30 || (first & 0x40 && (!this.#mayBePacked || isControl))) return 'it is no WebSocket frame';
    if (isControl && (!(first & 0x80) || ((bytes[1] as number) & 0x7f) > 125)) return 'a control frame is too long';
    return null;
  }

  #frame(frame: Frame, bytes: number, place: Place): readonly Draft[] {
    if (frame.code >= CLOSE) return [controlDraft(frame)];
    const isContinued = frame.code === CONTINUED;
    if (isContinued && !this.#message) {
      return [{ title: 'The rest of a message whose beginning is missing', tone: 'fault' }];
    }
    const lost = this.#message && !isContinued ? (this.finish('lost', frame.payload, place) ?? []) : [];
    this.#message ??= {
      code: frame.code,
      isPacked: frame.isPacked,
      began: place,
      kept: new ByteHold(),
      size: 0,
      bytes: 0,
      frames: 0,
    };
    const message = this.#message;
    message.kept.add(frame.payload.subarray(0, mostWaiting - message.kept.length));
    message.size += frame.payload.length;
    message.bytes += bytes;
    message.frames += 1;
    if (!frame.isLast) return lost;
    this.#message = null;
    return [...lost, this.#draft(message)];
  }

  #draft({ code, isPacked, began, kept, size, bytes, frames }: UnderWay): Draft {
    const fields = [
      { name: 'Frames', value: String(frames) },
      { name: 'Payload', value: bytesText(size) },
    ];
    if (isPacked) fields.push({ name: 'Compressed', value: 'yes' });
    const about = { fields, began, length: bytes };
    const isCut = kept.length < size;
    const payload = isPacked ? this.#unpack(kept.view, isCut) : kept.view;
    if (!payload) return { ...about, title: `${NAMES[code]}, compressed, cannot be unpacked`, tone: 'fault' };
    if (code === BINARY)
      return { ...about, title: `Binary, ${bytesText(payload.length)}`, body: bytesBody(payload, isCut) };
    const text = payload.toString('utf8');
    return { ...about, title: `Text: ${line(text, SHOWN)}`, body: textOf(text, isCut) };
  }

  /** Null where it cannot be unpacked; then the next may only be if it needs nothing of what came before. */
  #unpack(bytes: Buffer, isCut: boolean): Buffer | null {
    const window = this.#isFresh ? Buffer.alloc(0) : this.#window;
    this.#window = null;
    if (!window || isCut) return null;
    try {
      const payload = inflateRawSync(Buffer.concat([bytes, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: mostWaiting,
        ...(window.length > 0 ? { dictionary: window } : {}),
      });
      this.#window = Buffer.from(Buffer.concat([window, payload]).subarray(-WINDOW));
      return payload;
    } catch {
      return null;
    }
  }
}

function textOf(text: string, isCut: boolean): Body {
  return (!isCut && /^\s*[{[]/.test(text) && jsonBody(text)) || textBody(text, isCut);
}

function controlDraft({ code, payload }: Frame): Draft {
  const name = NAMES[code] as string;
  if (code !== CLOSE)
    return { title: payload.length > 0 ? `${name}, ${payload.length} B` : name, body: bytesBody(payload) };
  if (payload.length < 2) return { title: name };
  const reason = payload.toString('utf8', 2);
  return { title: `${name} ${payload.readUInt16BE(0)}${reason ? `: ${reason}` : ''}` };
}

function headSize(bytes: Buffer): number {
  const second = bytes[1] as number;
  const length = second & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
}

function payloadSize(bytes: Buffer): number {
  const length = (bytes[1] as number) & 0x7f;
  if (length < 126) return length;
  return length === 126 ? bytes.readUInt16BE(2) : bytes.readUInt32BE(2) * 2 ** 32 + bytes.readUInt32BE(6);
}

function frameOf(bytes: Buffer, start: number, end: number): Frame {
  const first = bytes[0] as number;
  const payload = Buffer.from(bytes.subarray(start, end));
  if ((bytes[1] as number) & 0x80) {
    const mask = bytes.subarray(start - 4, start);
    for (let at = 0; at < payload.length; at++) payload[at] = (payload[at] as number) ^ (mask[at & 3] as number);
  }
  return { isLast: (first & 0x80) !== 0, isPacked: (first & 0x40) !== 0, code: first & 15, payload };
}
