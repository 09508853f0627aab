/** What an entry of the catalogue of faults has, and the words that entries share. */

/** Which part of the way spoke. */
export const hops = ['gateway', 'source', 'device', 'target'] as const;
export type Hop = (typeof hops)[number];

/** Facts that go into the words of a fault: names, numbers, addresses. Never secrets. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface Fault {
  /** HTTP status when this fault answers a request. */
  readonly status: number;
  readonly hop: Hop;
  readonly what: (details: ErrorDetails) => string;
  readonly next: (details: ErrorDetails) => string;
}

/** Entries of the catalogue by code. */
export type Faults = Readonly<Record<string, Fault>>;

export const text = (details: ErrorDetails, key: string, otherwise: string): string => {
  const value = details[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
};

export const seconds = (details: ErrorDetails): string => {
  const ms = details.timeoutMs;
  return typeof ms === 'number' ? `${Math.round(ms / 100) / 10} s` : 'the time allowed';
};

export function owner(details: ErrorDetails): string {
  if (typeof details.owner === 'string') return ` by ${details.owner}`;
  if (typeof details.process !== 'string') return ' by another program';
  return ` by ${details.process} (process ${text(details, 'pid', '?')})`;
}

export const inProcess = (details: ErrorDetails): string =>
  typeof details.pid === 'number' ? ` (process ${details.pid})` : '';

export const lastSeen = (details: ErrorDetails): string =>
  typeof details.lastSeen === 'string' ? ` (last seen ${details.lastSeen})` : '';

export const times = (details: ErrorDetails): string =>
  typeof details.times === 'number' && details.times > 1 ? ` (${details.times} times)` : '';

export function occupied({ open, max, holder }: ErrorDetails): string {
  if (typeof max !== 'number') return 'the gateway has as many connections as it takes';
  const by = typeof holder !== 'string' ? '' : max === 1 ? ` by ${holder}` : `, the oldest by ${holder}`;
  return `${open} of ${max} connections in use${by}`;
}

/** From where this PC would go to a target; only where that was looked for. */
export const way = ({ way: from }: ErrorDetails): string =>
  typeof from === 'string' ? ` This PC goes there from ${from}.` : '';

export const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `3 Nov 2026`, of wall clock milliseconds. */
export function dateText(ms: unknown): string {
  if (typeof ms !== 'number') return 'an unknown day';
  const date = new Date(ms);
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/** Names that a certificate holds, as far as they fit. */
export function listed(names: unknown): string {
  const texts = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  if (texts.length === 0) return 'another name';
  return texts.length > 3 ? `${texts.slice(0, 3).join(', ')} and ${texts.length - 3} more` : texts.join(', ');
}
