/** One line of what the doctor found, as `sluice doctor` prints it and the page shows it. */
import { z } from 'zod';

export const finding = z.object({
  /** What was looked at: `folder`, `proxy plc-web`. */
  check: z.string(),
  /** Null where it could not be told, or is worth knowing but no fault. */
  ok: z.boolean().nullable(),
  message: z.string(),
  /** What to do about it; empty where nothing needs to be done. */
  next: z.string(),
});
export type Finding = Readonly<z.infer<typeof finding>>;
