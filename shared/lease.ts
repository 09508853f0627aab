/** A proxy that is open for a time: what may be asked for, and what is told of it. */
import { z } from 'zod';
import { proxyIdParam } from './proxy.ts';

const MINUTE_MS = 60_000;
/** Longer than that is no lease: there is the switch for it. */
export const LONGEST_LEASE_MS = 7 * 24 * 60 * MINUTE_MS;
const MOST_MINUTES = LONGEST_LEASE_MS / MINUTE_MS;

const minutes = z
  .number({ error: 'Use a number of minutes.' })
  .min(1 / 60, 'Use at least a second.')
  .max(MOST_MINUTES, 'Use at most 7 days.');

/** One of the three; `extend` adds the minutes to what is left. */
export const leaseWish = z
  .strictObject({
    minutes: minutes.optional(),
    /** Wall clock milliseconds. */
    until: z.int({ error: 'Use a time in milliseconds.' }).optional(),
    untilClientLeaves: z.literal(true, { error: 'Use true, or leave it out.' }).optional(),
    extend: z.boolean({ error: 'Use true or false.' }).optional(),
  })
  .superRefine((wish, context) => {
    const given = [wish.minutes, wish.until, wish.untilClientLeaves].filter((one) => one !== undefined);
    if (given.length !== 1)
      context.addIssue({
        code: 'custom',
        path: ['minutes'],
        message: 'Say minutes, until or untilClientLeaves, and only one of them.',
      });
    if (wish.extend && wish.minutes === undefined)
      context.addIssue({ code: 'custom', path: ['extend'], message: 'Say by how many minutes.' });
  });
export type LeaseWish = z.infer<typeof leaseWish>;
export const leaseInput = z.object({ params: proxyIdParam, body: leaseWish });

export const leaseKinds = ['time', 'client'] as const;

/** A lease as it is kept over a restart. Wall clock milliseconds. */
export const lease = z.object({
  kind: z.enum(leaseKinds),
  since: z.number(),
  /** Of `client`: when it ends if nobody has come. */
  until: z.number(),
  /** Who has opened it. */
  by: z.string(),
});
export type Lease = z.infer<typeof lease>;

/** `until` is null while the client that a lease waited for is there. */
export const leaseView = lease.extend({ until: z.number().nullable() });
export type LeaseView = z.infer<typeof leaseView>;

/** How a schedule does: whether it has the proxy open, and until when; null where it never changes. */
export const scheduleView = z.object({
  open: z.boolean(),
  until: z.number().nullable(),
  /** True while the switch, which somebody has used since, wins over it. */
  overruled: z.boolean(),
});

/** Why a lease ended by itself. */
export const leaseEndText = {
  time: 'its time was over',
  client_left: 'the client has left',
  nobody_came: 'no client came',
  clock: 'the clock of this PC says a time before it began',
} as const;
export type LeaseEnd = keyof typeof leaseEndText;
