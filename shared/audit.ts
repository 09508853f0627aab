/** The audit log as people and scripts read it: who did what, when, from where, and what became of it. */
import { z } from 'zod';

/** Where a call came from. Only the transport is known for sure: the command line says itself that it is one. */
export const auditPlaces = ['page', 'rest', 'command line', 'desktop', 'gateway'] as const;
export type AuditPlace = (typeof auditPlaces)[number];

/** One value of the configuration that is another now; null where there was or is none. */
export const auditChange = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type AuditChange = z.infer<typeof auditChange>;

/** What happened. `outcome` is `done`, or the code of the fault that it ended with. */
export const auditEvent = z.object({
  who: z.string(),
  role: z.string(),
  from: z.string(),
  address: z.string(),
  what: z.string(),
  subject: z.string(),
  outcome: z.string(),
  facts: z.record(z.string(), z.string()),
  changes: z.array(auditChange),
});
export type AuditEvent = z.infer<typeof auditEvent>;

export const auditEntry = auditEvent.extend({ seq: z.number(), at: z.number() });
export type AuditEntry = z.infer<typeof auditEntry>;

const time = z.coerce.number({ error: 'Use milliseconds since 1970.' });

export const auditQuery = z.object({
  /** Wall clock milliseconds, both ends included. */
  since: time.optional(),
  until: time.optional(),
  who: z.string().max(200).optional(),
  /** The first part of what happened: `proxies`, `captures`, `gateway` … */
  kind: z.string().max(50).optional(),
  /** Somewhere in what, subject, facts or changes, whatever its case. */
  text: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
  /** From where an earlier page has ended. */
  before: z
    .string()
    .regex(/^\d{1,16}:\d{1,16}$/, 'Use the value of next of an earlier answer.')
    .optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

/** Newest first. `next` leads on; null where there is nothing older. A page may be short, or empty, and yet lead on. */
export const auditPage = z.object({ entries: z.array(auditEntry), next: z.string().nullable() });
export type AuditPage = z.infer<typeof auditPage>;

export const auditVerdict = z.object({
  /** `cut` ends in the middle of an entry that never counted, as a power cut leaves it; all before is whole. */
  state: z.enum(['whole', 'cut', 'broken']),
  /** How many whole entries were checked, and the first and the last of them. */
  entries: z.number(),
  first: z.number().nullable(),
  last: z.number().nullable(),
  /** True where each entry and the head were checked with the key of the gateway. */
  sealed: z.boolean(),
  /** What is wrong, in a sentence. */
  fault: z.string().nullable(),
  /** When it was checked, wall clock milliseconds. */
  at: z.number(),
});
export type AuditVerdict = z.infer<typeof auditVerdict>;

/** What a verdict has shown, and what not, in words. */
export function verdictText({ state, entries, first, last, sealed, fault }: AuditVerdict): string {
  const count = `${entries} ${entries === 1 ? 'entry' : 'entries'}${entries > 0 ? ` (${first} to ${last})` : ''}`;
  if (state === 'broken') return `Broken: ${fault} Before that, ${count} are as they were written.`;
  const tail = state === 'cut' ? ' Behind them is a part of an entry that was never finished.' : '';
  return sealed
    ? `${count}: unbroken. No entry was changed, left out or moved, and none is missing at the end.${tail}`
    : `${count}: the chain is unbroken. Without the key of the gateway it is not shown who wrote it, nor that nothing is missing at the end.${tail}`;
}
