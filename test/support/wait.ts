/** Waiting for a state instead of sleeping. */
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves with the first truthy value of `probe`, asked every 5 ms.
 * @param what  a phrase for the failure message
 * @param limitMs  how long to wait before failing
 */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  what: string,
  limitMs = 5000,
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value) return value as Exclude<T, false | null | undefined | 0 | ''>;
    if (performance.now() > end) throw new Error(`Waited ${limitMs} ms in vain for: ${what}`);
    await delay(5);
  }
}
