/** Which fields of two things differ, in words short enough for a table. */
import { isDeepStrictEqual } from 'node:util';
import type { SiteItemView } from '../../../shared/site.ts';

type Field = SiteItemView['fields'][number];

const MOST_FIELDS = 12;
const LONGEST = 120;

export function differencesOf(before: unknown, after: unknown, path = ''): Field[] {
  const found: Field[] = [];
  collect(before, after, path, found);
  return found;
}

function collect(before: unknown, after: unknown, path: string, found: Field[]): void {
  if (found.length >= MOST_FIELDS || isDeepStrictEqual(before, after)) return;
  if (!isPlain(before) || !isPlain(after)) {
    found.push({ path, before: textOf(before), after: textOf(after) });
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    collect(before[key], after[key], path === '' ? key : `${path}.${key}`, found);
  }
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function textOf(value: unknown): string {
  const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
