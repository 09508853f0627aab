/** Captured payload as the outside sees it: what is armed, and what was seen in a pipe. */
import { z } from 'zod';
import { decodedMessage, guess, protocols } from './decoded.ts';
import { proxyIdParam } from './proxy.ts';

const MIB = 2 ** 20;
export const captureDefaults = { bytes: 64_000_000, seconds: 600 } as const;

/** How much is kept at most, the newest, and for how long it is armed. */
export const captureWish = z.strictObject({
  bytes: z
    .int({ error: 'Use a whole number of bytes.' })
    .min(MIB, 'Use at least 1048576 bytes (1 MiB).')
    .max(1024 * MIB, 'Use at most 1073741824 bytes (1 GiB).')
    .default(captureDefaults.bytes),
  seconds: z
    .int({ error: 'Use a whole number of seconds.' })
    .min(1, 'Use at least 1 second.')
    .max(86_400, 'Use at most 86400 seconds (a day).')
    .default(captureDefaults.seconds),
});
export type CaptureWishInput = z.input<typeof captureWish>;

export const pipeParam = z.object({ pipe: z.string() });
export const captureParam = z.object({ capture: z.string() });
export const armPipeInput = z.object({ params: pipeParam, body: captureWish.default(captureDefaults) });
export const armProxyInput = z.object({ params: proxyIdParam, body: captureWish.default(captureDefaults) });

export const captureView = z.object({
  capture: z.string(),
  proxy: z.string(),
  /** Left out: the pipes of the proxy that were opened since. */
  pipe: z.string().optional(),
  armed: z.boolean(),
  /** Who has armed it. */
  by: z.string(),
  /** Wall clock, milliseconds. */
  since: z.number(),
  ends: z.number(),
  /** Kept at most. */
  bytes: z.number(),
  /** Kept now, and what has passed while it was armed and is not kept. */
  kept: z.number(),
  missed: z.number(),
  /** Wall clock milliseconds of the oldest that is kept. */
  oldest: z.number().nullable(),
  pipes: z.number(),
});
export type CaptureView = z.infer<typeof captureView>;

export const way = z.enum(['received', 'sent'], { error: 'Use received (→) or sent (←).' });
const seen = { at: z.number(), way };

/** `offset` is that of the first byte among all of its way since the pipe was opened. */
export const payloadEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('data'), ...seen, offset: z.number(), base64: z.string() }),
  /** Bytes that passed and are not kept. */
  z.object({ kind: z.literal('gap'), ...seen, offset: z.number(), length: z.number() }),
  z.object({ kind: z.literal('end'), ...seen, how: z.enum(['fin', 'reset']) }),
]);
export type PayloadEntry = z.infer<typeof payloadEntry>;

const place = z.coerce.number({ error: 'Use the number that an earlier answer gave.' }).int('Use a whole number.');

export const payloadQuery = pipeParam.extend({
  /** `next` of an earlier answer; negative: about that many bytes before the end; left out: the oldest that is kept. */
  from: place.optional(),
});

export const payloadPage = z.object({
  entries: z.array(payloadEntry),
  /** Where the next answer begins. */
  next: z.number(),
  /** Where the oldest that is kept begins. */
  start: z.number(),
  /** True where nothing more is there by now. */
  atEnd: z.boolean(),
  armed: z.boolean(),
});
export type PayloadPage = z.infer<typeof payloadPage>;

export const exportFormats = ['pcapng', 'har', 'jsonl', 'raw'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportQuery = pipeParam.extend({
  format: z.enum(exportFormats, { error: `Use one of: ${exportFormats.join(', ')}.` }).default('pcapng'),
  /** Of `raw`; left out: both ways, as they came. */
  way: way.optional(),
});
export type ExportQuery = z.infer<typeof exportQuery>;

export const decodeQuery = pipeParam.extend({
  protocol: z.enum(['auto', ...protocols], { error: `Use auto or one of: ${protocols.join(', ')}.` }).default('auto'),
});

/** The hex digits of `0x00 2a`, by which bytes are looked for; undefined where the words are meant as they stand. */
export const hexOf = (words: string): string | undefined =>
  /^\s*0x((?:[0-9a-f]{2}\s*)+)$/i.exec(words)?.[1]?.replace(/\s/g, '');

/** Text as it stands, or bytes as `0x00 2a`. */
export const findQuery = z.object({
  what: z
    .string({ error: 'Use text, or bytes as 0x00 2a.' })
    .min(1, 'Use text, or bytes as 0x00 2a.')
    .max(512, 'Use at most 512 characters.'),
  proxy: z.string().optional(),
});

export const findResult = z.object({
  /** Those whose captured payload holds it, the newest first. */
  pipes: z.array(z.string()),
  /** False where there was more than is looked through at once. */
  complete: z.boolean(),
});
export type FindResult = z.infer<typeof findResult>;

/** Messages in the order of their first bytes; `guess` where the protocol was not chosen. */
export const decodedPart = z.object({ messages: z.array(decodedMessage), guess });
export type DecodedPart = z.infer<typeof decodedPart>;

const usePort = 'Use a port from 1 to 65535.';
export const replayWish = z.strictObject({
  /** Left out: the proxy itself, on this PC, and through it its target. */
  host: z.string({ error: 'Use a name or an address.' }).min(1, 'Use a name or an address.').max(253).optional(),
  port: z.int({ error: usePort }).min(1, usePort).max(65_535, usePort).optional(),
  /** Of a target that was named; its certificate is not looked at. */
  secure: z.boolean({ error: 'Use true or false.' }).optional(),
  /** As the bytes came, or each part as soon as the answers before it are there. */
  pace: z.enum(['recorded', 'answers'], { error: 'Use recorded or answers.' }).default('answers'),
});
export type ReplayWish = z.infer<typeof replayWish>;
export const replayInput = z.object({ params: pipeParam, body: replayWish.prefault({}) });

export const replayResult = z.object({
  sent: z.number(),
  answered: z.number(),
  equal: z.boolean(),
  /** The first place where the answers differ, and up to 16 bytes of each as hex. */
  firstDifference: z.object({ offset: z.number(), expected: z.string(), got: z.string() }).optional(),
  /** Bytes fewer and bytes more than in the record. */
  missing: z.number(),
  surplus: z.number(),
  ms: z.number(),
});
export type ReplayAnswer = z.infer<typeof replayResult>;
