/** One line of `sluice doctor`. */
import type { ErrorInfo } from '../../shared/errors.ts';

export interface Finding {
  /** What was looked at: `folder`, `proxy plc-web`. */
  readonly check: string;
  /** Null where it could not be told, or is worth knowing but no fault. */
  readonly ok: boolean | null;
  readonly message: string;
  /** What to do about it; empty where nothing needs to be done. */
  readonly next: string;
}

export const good = (check: string, message: string): Finding => ({ check, ok: true, message, next: '' });
export const bad = (check: string, message: string, next: string): Finding => ({ check, ok: false, message, next });
export const unsure = (check: string, message: string, next = ''): Finding => ({ check, ok: null, message, next });

export const fault = (check: string, { message, next }: Pick<ErrorInfo, 'message' | 'next'>): Finding =>
  bad(check, message, next);

export function findingText({ ok, message, next }: Finding): string {
  const mark = ok === null ? '?' : ok ? '✓' : '✗';
  return next ? `${mark} ${message} ${next}` : `${mark} ${message}`;
}
