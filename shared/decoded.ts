/** What decoders make of traffic: messages of a protocol in plain words. All texts come from the wire: never trusted. */
import { z } from 'zod';

export const protocols = ['http', 'modbus', 'modbus-rtu', 'mqtt', 'coap', 'iotmp', 'json', 'cbor', 'lines'] as const;
export const protocol = z.enum(protocols);
export type Protocol = z.infer<typeof protocol>;

export const mostFields = 200;
/** Characters of the longest body that is handed out. */
export const mostBodyLength = 65_536;

export const decodedField = z.object({
  name: z.string(),
  value: z.string(),
  /** The bytes it was read from, counted from the first of the message; `to` is behind the last. */
  from: z.number().optional(),
  to: z.number().optional(),
});
export type DecodedField = z.infer<typeof decodedField>;

export const decodedMessage = z.object({
  /** Wall clock milliseconds, with parts: when its first byte was read. */
  at: z.number(),
  way: z.enum(['received', 'sent']),
  /** Of the first byte, among all bytes of its way. */
  offset: z.number(),
  /** Bytes; those of other messages in between included. */
  length: z.number(),
  /** One short line. */
  title: z.string(),
  /** `fault`: an error that it tells of, bytes that could not be read, or bytes that are missing. */
  tone: z.enum(['plain', 'fault']),
  fields: z.array(decodedField).max(mostFields),
  /** Text; bytes that are no text stand as hex pairs. */
  body: z.string().max(mostBodyLength).optional(),
  /** The body is longer than what is shown. */
  isBodyCut: z.boolean().optional(),
});
export type DecodedMessage = z.infer<typeof decodedMessage>;

/** `sure` is from 0 to 1. */
export const guess = z.object({ protocol, sure: z.number().min(0).max(1) }).nullable();
export type Guess = z.infer<typeof guess>;
