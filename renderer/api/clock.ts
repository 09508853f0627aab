/** One clock of one second for the whole page. A component renders again only when what it reads off the clock changed. */
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** For useSyncExternalStore; returns the way out. */
export function subscribeToClock(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Wall clock milliseconds, at most a second old: the same for everything that renders in that second. */
export function clockNow(): number {
  if (Date.now() - now > 1000) now = Date.now();
  return now;
}

/** `read` gets wall clock milliseconds, at most a second old, and must give a primitive. */
export function useClock<T extends string | number | boolean>(read: (now: number) => T): T {
  return useSyncExternalStore(subscribeToClock, () => read(clockNow()));
}
