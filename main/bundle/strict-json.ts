/** JSON of strangers: no keys that reach into the language, no endless depth, no endless number of values. */
import { Unreadable } from './unreadable.ts';

const DEEPEST = 24;
const MOST_VALUES = 400_000;
const refused = new Set(['__proto__', 'constructor', 'prototype']);

/** Throws Unreadable. */
export function parseStrictly(text: string): unknown {
  const value = parsed(text);
  let left = MOST_VALUES;
  const look = (one: unknown, depth: number): void => {
    left -= 1;
    if (left < 0) throw new Unreadable('it holds too many values');
    if (one === null || typeof one !== 'object') return;
    if (depth > DEEPEST) throw new Unreadable('it is nested too deeply');
    for (const key of Object.keys(one)) {
      if (refused.has(key)) throw new Unreadable(`a field has the name ${key}, which no bundle needs`);
      look((one as Record<string, unknown>)[key], depth + 1);
    }
  };
  look(value, 0);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable('it is not valid JSON');
  }
}
