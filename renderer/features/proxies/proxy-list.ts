/** Which proxies the list shows, and in which order. */
import { deviceOf, type Protocol, targetLabel } from '../../../shared/proxy.ts';
import { protocolText, sourceLabel } from '../../../shared/sentence.ts';
import { type ShownState, shownState, stateText } from '../../../shared/shown-state.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { type ColumnId, columns } from './columns.ts';

export interface Filter {
  readonly text: string;
  /** Empty means all. */
  readonly states: readonly ShownState[];
  /** Empty means all. */
  readonly protocols: readonly Protocol[];
  /** Any of them; empty means all. */
  readonly tags: readonly string[];
}

export interface Sort {
  readonly column: ColumnId;
  readonly isDescending: boolean;
}

export const noFilter: Filter = { text: '', states: [], protocols: [], tags: [] };

/** IDs of what passes the filter, sorted; equal ones by name. */
export function listProxies(proxies: Iterable<ProxyView>, filter: Filter, sort: Sort, now: number): readonly string[] {
  const column = columns.find(({ id }) => id === sort.column);
  const direction = sort.isDescending ? -1 : 1;
  return [...proxies]
    .filter((view) => passes(view, filter, now))
    .map((view) => ({ view, key: column?.sortBy(view, now) ?? 0 }))
    .sort(
      (a, b) =>
        direction * compare(a.key, b.key) || compare(a.view.name, b.view.name) || compare(a.view.proxy, b.view.proxy),
    )
    .map(({ view }) => view.proxy);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, undefined, { numeric: true });
  return Number(a) - Number(b);
}

function passes(view: ProxyView, { text, states, protocols, tags }: Filter, now: number): boolean {
  if (states.length > 0 && !states.includes(shownState(view, now))) return false;
  if (protocols.length > 0 && !protocols.includes(view.config.protocol)) return false;
  if (tags.length > 0 && !tags.some((tag) => view.tags?.includes(tag))) return false;
  const { source, target } = view.config;
  const whole = [
    view.name,
    view.proxy,
    view.description,
    sourceLabel(source),
    targetLabel(target),
    deviceOf(view.config)?.device ?? '',
    target.user ?? '',
    target.type === 'plugin' ? 'plugin' : '',
    ...(view.tags ?? []),
  ];
  const searched = whole.join('\n').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word));
}

/** `“plc”, Fault or Degraded, UDP`; empty without a filter. */
export function describeFilter({ text, states, protocols, tags }: Filter): string {
  const parts = [
    text.trim() && `“${text.trim()}”`,
    states.map((state) => stateText[state]).join(' or '),
    protocols.map((protocol) => protocolText[protocol]).join(' or '),
    tags.length > 0 && `the tag ${tags.join(' or ')}`,
  ];
  return parts.filter(Boolean).join(', ');
}
