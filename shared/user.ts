/** Users, their roles and sessions, and the named tokens of programs. */
import { z } from 'zod';
import { rights, roles } from './contract/procedure.ts';
import { userId } from './name.ts';

export const SHORTEST_PASSWORD = 10;

export const password = z
  .string()
  .min(SHORTEST_PASSWORD, `Use at least ${SHORTEST_PASSWORD} characters.`)
  .max(200, 'Use 200 characters at most.');

const role = z.enum(roles, 'Choose viewer, technician or administrator.');
const given = z.array(z.enum(rights)).max(rights.length);

export const user = z.object({ name: userId, role, rights: given, created: z.number() });
export type User = z.infer<typeof user>;

/** One who came with a bundle has no password until it is set. */
export const userView = user.extend({ hasPassword: z.boolean() });
export type UserView = z.infer<typeof userView>;

/** `rights` are none where they are left out. */
export const userInput = z.strictObject({ name: userId, role, rights: given.default([]), password });
export type UserInput = z.infer<typeof userInput>;

export const userChange = z.strictObject({ role, rights: given, password }).partial();
export type UserChange = z.infer<typeof userChange>;

export const apiToken = z.object({
  name: userId,
  role,
  rights: given,
  created: z.number(),
  /** Wall clock milliseconds; null where it never ends. */
  expires: z.number().nullable(),
});
export type ApiToken = z.infer<typeof apiToken>;

export const apiTokenInput = z.strictObject({
  name: userId,
  role,
  rights: given.default([]),
  /** After which it ends; null: never. */
  days: z.int('Use whole days.').min(1).max(3650).nullable().default(null),
});
export type ApiTokenInput = z.infer<typeof apiTokenInput>;

export const loginInput = z.strictObject({
  name: z.string().min(1, 'A name is needed.').max(200),
  password: z.string().min(1, 'The password is needed.').max(200),
  /** After this many minutes it is locked again, however busy; null: only when idle. */
  minutes: z.int().min(1).max(1440).nullable().default(null),
});
export type LoginInput = z.infer<typeof loginInput>;

/** Who a connection speaks for, and whether its page may be used. */
export const sessionView = z.object({
  /** `unguarded` as long as there is no administrator password. */
  state: z.enum(['unguarded', 'locked', 'unlocked']),
  /** Null while locked. */
  name: z.string().nullable(),
  role: z.enum(roles).nullable(),
  rights: given,
  /** Who comes back when this unlocking ends; null where the page locks then. */
  under: z.string().nullable(),
  /** Whether the question of the first start was put off. */
  wasPutOff: z.boolean(),
  autoLockMinutes: z.number(),
  contact: z.string(),
});
export type SessionView = z.infer<typeof sessionView>;

export const accessSettings = z.strictObject({
  autoLockMinutes: z.int('Use whole minutes.').min(1, 'Use 1 minute at least.').max(1440, 'Use 1440 minutes at most.'),
  /** Whom to ask, for those who may not do something; also in sight while locked. */
  contact: z.string().trim().max(120, 'Use 120 characters at most.'),
});
export type AccessSettings = z.infer<typeof accessSettings>;
