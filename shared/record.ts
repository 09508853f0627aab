/** Kept conversations: what was captured of one pipe, on the disk until somebody removes it. */
import { z } from 'zod';
import { pipeParam } from './capture.ts';
import { isSeen, UNSEEN } from './name.ts';
import { pipe } from './pipe.ts';

/** `r7`: stands wherever a captured pipe may be named. */
export const recordId = z.string().regex(/^r\d{1,15}$/, 'Use the ID of a record, such as r7.');
export const recordParam = z.object({ record: recordId });

const recordName = z
  .string({ error: 'Use text.' })
  .trim()
  .min(1, 'Use at least one letter.')
  .max(255, 'Use at most 255 characters.')
  .refine(isSeen, UNSEEN);

/** Left out: named after the proxy and the client. */
export const keepWish = z.strictObject({ name: recordName.optional() });
export const keepInput = z.object({ params: pipeParam, body: keepWish.default({}) });

export const recordView = z.object({
  record: recordId,
  name: z.string(),
  /** Who has kept it. */
  by: z.string(),
  /** Wall clock, milliseconds. */
  kept: z.number(),
  /** That it takes on the disk. */
  bytes: z.number(),
  /** The pipe as it was then. */
  pipe,
});
export type RecordView = z.infer<typeof recordView>;
