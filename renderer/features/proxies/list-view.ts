/** How the list is looked at. Sort and columns outlive the page; filter and place last as long as the tab. */
import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { stored } from '../../components/stored.ts';
import { columnIds, columns } from './columns.ts';
import { type Filter, noFilter } from './proxy-list.ts';

const kept = z.object({
  sort: z.object({ column: z.enum(columnIds), isDescending: z.boolean() }),
  columns: z.array(z.enum(columnIds)),
});

export const listChoices = stored<z.infer<typeof kept>>('sluice.proxies', kept, {
  sort: { column: 'state', isDescending: false },
  columns: columns.filter(({ isUsual }) => isUsual).map(({ id }) => id),
});

let filter = noFilter;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setFilter(change: Partial<Filter>): void {
  filter = { ...filter, ...change };
  for (const listener of listeners) listener();
}

export function useFilter(): Filter {
  return useSyncExternalStore(subscribe, () => filter);
}

/** Where the list was left: scrolled to `top` px, for the form of `proxy`. */
export const leftAt: { top: number; proxy: string | undefined } = { top: 0, proxy: undefined };
