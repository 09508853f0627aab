/**
 * Wraps what the application gets of the stand-in, so that it finds only what Electron has: a member or event that
 * `electron.d.ts` lacks throws with its name, and so does one that the rig does not stand in for.
 */
import { fault } from './desk.ts';
import { hasEvent, hasMember, hasStatic, surface } from './surface.ts';

const wrapped = new WeakMap<object, object>();
const insides = new WeakMap<object, object>();
const listening = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);
/** Asked of any object by the language, by promises and by printing. */
const common = new Set(['then', 'constructor', 'toString', 'toJSON', 'valueOf', 'inspect', 'prototype', 'name']);

interface Rules {
  /** As the application knows it, for messages. */
  readonly label: string;
  knows(member: string): boolean;
  /** Undefined where channels are free, as with ipcMain. */
  knowsEvent?(event: string): boolean;
}

/** The object as the application sees it; the same for every call. */
export function checked<T extends object>(object: T, type: string, label = type): T {
  const freeEvents = type === 'IpcMain';
  return wrap(object, {
    label,
    knows: (member) => hasMember(type, member),
    ...(freeEvents ? {} : { knowsEvent: (event: string) => hasEvent(type, event) }),
  });
}

/** A class: its static members, and its instances. */
export function checkedClass<T extends abstract new (...args: never[]) => object>(type: T, name: string): T {
  return wrap(type, { label: name, knows: (member) => hasStatic(name, member) }, (instance) => checked(instance, name));
}

/** The module itself. */
export const checkedModule = <T extends object>(module: T): T =>
  wrap(module, { label: 'electron', knows: (name) => surface.exports.main.has(name) });

/** What is behind a wrapped object; anything else as it is. */
export const inside = <T>(value: T): T =>
  (typeof value === 'object' && value !== null ? (insides.get(value) ?? value) : value) as T;

/** Throws for an option that Electron would not look at. */
export function checkOptions(type: string, options: object | undefined): void {
  for (const key of Object.keys(options ?? {})) {
    if (!hasMember(type, key)) throw fault(`electron.d.ts knows no option ${key} of ${type}.`);
  }
}

function wrap<T extends object>(object: T, rules: Rules, ofInstance?: (instance: object) => object): T {
  const known = wrapped.get(object);
  if (known) return known as T;
  const refuse = (member: string): void => {
    if (!rules.knows(member)) throw fault(`electron.d.ts knows no ${rules.label}.${member}.`);
    if (!(member in object)) throw fault(`The rig does not stand in for ${rules.label}.${member} yet.`);
  };
  const proxy = new Proxy(object, {
    get(target, member) {
      if (typeof member === 'string' && !common.has(member)) refuse(member);
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== 'function' || member === 'constructor' || member === 'prototype') return value;
      return (...args: unknown[]) => {
        const [event] = args;
        if (listening.has(String(member)) && rules.knowsEvent && !rules.knowsEvent(String(event))) {
          throw fault(`electron.d.ts knows no event '${String(event)}' of ${rules.label}.`);
        }
        const result: unknown = Reflect.apply(value, target, args);
        return result === target ? proxy : result;
      };
    },
    set(target, member, value) {
      refuse(String(member));
      return Reflect.set(target, member, value, target);
    },
    construct(target, args) {
      const made = Reflect.construct(target as unknown as new () => object, args);
      return ofInstance ? ofInstance(made) : made;
    },
  });
  wrapped.set(object, proxy);
  insides.set(proxy, object);
  return proxy;
}
