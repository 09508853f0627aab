/** The event that Electron hands to listeners first: it can be prevented, and carries fields of its own. */
import type { EventEmitter } from 'node:events';

export interface RigEvent {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function newEvent<T extends object>(fields: T): RigEvent & T {
  const event = {
    ...fields,
    defaultPrevented: false,
    preventDefault: () => {
      event.defaultPrevented = true;
    },
  };
  return event;
}

/** Emits with an event first; true unless a listener prevented it. */
export function emitEvent(emitter: EventEmitter, name: string, fields: object = {}, ...more: unknown[]): boolean {
  const event = newEvent(fields);
  emitter.emit(name, event, ...more);
  return !event.defaultPrevented;
}
