/** Speaks through a screen reader: changes of state, never traffic. */
import { useSyncExternalStore } from 'react';

let said = '';
const listeners = new Set<() => void>();

/** The same words twice are spoken twice: a trailing space makes them differ. */
export function announce(text: string): void {
  said = said === text ? `${text} ` : text;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => said);
  return (
    <div role="status" aria-live="polite" className="visually-hidden">
      {text}
    </div>
  );
}
