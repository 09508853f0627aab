/** How the list of plugins is looked at. The sort outlives the page; what was searched lasts as long as the tab. */
import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { stored } from '../../components/stored.ts';
import { pluginColumnIds } from './plugin-list.ts';

const kept = z.object({ sort: z.object({ column: z.enum(pluginColumnIds), isDescending: z.boolean() }) });

export const pluginChoices = stored<z.infer<typeof kept>>('sluice.plugins', kept, {
  sort: { column: 'state', isDescending: false },
});

let text = '';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setSearch(to: string): void {
  text = to;
  for (const listener of listeners) listener();
}

export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => text);
}
