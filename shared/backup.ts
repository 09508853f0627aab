/** Backups of the configuration: the last saves, and what putting one of them back would change. */
import { z } from 'zod';
import { auditChange } from './audit.ts';

/** What a configuration holds, in the order in which it is told. */
export const backupThings = ['proxies', 'devices', 'plugins', 'certificates', 'templates', 'settings'] as const;
export type BackupThing = (typeof backupThings)[number];

/** `17`: the seventeenth save; `schema-3`: the last one before an upgrade; `last`: the newest that differs from now. */
export const backupId = z.string().regex(/^(last|\d{1,15}|schema-\d{1,3})$/, 'Use the ID of a backup, or last.');
export const backupParams = z.object({ backup: backupId });

export const backupView = z.object({
  backup: z.string(),
  /** Wall clock, milliseconds. */
  savedAt: z.number(),
  bytes: z.number(),
  /** How many of each it holds. */
  holds: z.object({ proxies: z.number(), devices: z.number(), plugins: z.number(), certificates: z.number() }),
  /** How many things would change if it were put back; 0: it is as now. */
  differences: z.number(),
});
export type BackupView = z.infer<typeof backupView>;

const backupDifference = z.object({
  thing: z.enum(backupThings),
  /** `plc-web`, `alice/raspi`; empty for the settings. */
  id: z.string(),
  name: z.string(),
  /** What putting it back does. */
  change: z.enum(['new', 'changed', 'removed']),
  /** Of changed things: from now to then, secrets masked. */
  fields: z.array(auditChange),
  /** What will be missing afterwards: sealed values that were removed with it are in no backup. */
  missing: z.array(z.string()),
});
export type BackupDifference = z.infer<typeof backupDifference>;

export const backupComparison = backupView.omit({ differences: true }).extend({
  differences: z.array(backupDifference),
});
export type BackupComparison = z.infer<typeof backupComparison>;
