/** How findings of the doctor are made, and how they read in a terminal. */
import type { ErrorInfo } from '../../shared/errors.ts';
import type { Finding } from '../../shared/finding.ts';

export const good = (check: string, message: string): Finding => ({ check, ok: true, message, next: '' });
export const bad = (check: string, message: string, next: string): Finding => ({ check, ok: false, message, next });
export const unsure = (check: string, message: string, next = ''): Finding => ({ check, ok: null, message, next });

export const fault = (check: string, { message, next }: Pick<ErrorInfo, 'message' | 'next'>): Finding =>
  bad(check, message, next);

export function findingText({ ok, message, next }: Finding): string {
  const mark = ok === null ? '?' : ok ? '✓' : '✗';
  return next ? `${mark} ${message} ${next}` : `${mark} ${message}`;
}
