/** Small choices of this browser, kept in localStorage and shared by all components that read them. */
import { useSyncExternalStore } from 'react';
import type { z } from 'zod';

export interface Stored<T> {
  get(): T;
  set(change: Partial<T>): void;
  use(): T;
}

/** What cannot be read, or was written by another version, becomes `initial`. */
export function stored<T extends object>(key: string, schema: z.ZodType<T>, initial: T): Stored<T> {
  const listeners = new Set<() => void>();
  let value = schema.safeParse(parsed(localStorage.getItem(key))).data ?? initial;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get: () => value,
    set: (change) => {
      value = { ...value, ...change };
      localStorage.setItem(key, JSON.stringify(value));
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, () => value),
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
