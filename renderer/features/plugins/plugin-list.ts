/** Which plugins the list shows, in which order, and which proxies lead to them. */
import { hostAndPort } from '../../../shared/address.ts';
import { type PluginKey, pluginId, pluginLabel, userId } from '../../../shared/name.ts';
import type { PluginView } from '../../../shared/plugin.ts';
import { pluginOf } from '../../../shared/proxy.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { pluginKindText, pluginStateLabel, pluginStateOrder } from '../../components/shown-plugin-state.ts';

export const pluginColumnIds = ['state', 'plugin', 'kind', 'address', 'proxies', 'description'] as const;
export type PluginColumnId = (typeof pluginColumnIds)[number];

export interface PluginColumn {
  readonly id: PluginColumnId;
  readonly title: string;
  /** Stays on pages of at most 1100 px. */
  readonly isNarrow?: boolean;
  /** Sorts from high to low first. */
  readonly isDescending?: boolean;
  /** @param use  how many proxies lead to it */
  readonly sortBy: (view: PluginView, use: number) => string | number;
}

export const pluginColumns: readonly PluginColumn[] = [
  { id: 'state', title: 'State', isNarrow: true, sortBy: ({ status }) => pluginStateOrder.indexOf(status.state) },
  { id: 'plugin', title: 'Plugin', isNarrow: true, sortBy: ({ name }) => name.toLowerCase() },
  { id: 'kind', title: 'Run', sortBy: ({ kind }) => pluginKindText[kind] },
  { id: 'address', title: 'Address', isNarrow: true, sortBy: placeText },
  { id: 'proxies', title: 'Proxies', isNarrow: true, isDescending: true, sortBy: (_, use) => use },
  { id: 'description', title: 'Description', sortBy: ({ description }) => description.toLowerCase() },
];

export interface PluginSort {
  readonly column: PluginColumnId;
  readonly isDescending: boolean;
}

/** What the list is made of. */
export interface Registry {
  readonly plugins: ReadonlyMap<string, PluginView>;
  readonly proxies: ReadonlyMap<string, ProxyView>;
}

/** Labels of what holds every word of `text`, sorted; equal ones by name. */
export function listPlugins({ plugins, proxies }: Registry, text: string, sort: PluginSort): readonly string[] {
  const column = pluginColumns.find(({ id }) => id === sort.column);
  const direction = sort.isDescending ? -1 : 1;
  const words = text.toLowerCase().split(/\s+/);
  return [...plugins.values()]
    .map((view) => ({ view, label: pluginLabel(view), users: proxiesTo(proxies.values(), view) }))
    .filter(({ view, label, users }) => {
      const searched = [
        view.name,
        label,
        view.description,
        view.category,
        placeText(view),
        pluginKindText[view.kind],
        pluginStateLabel(view),
        ...users.map(({ name }) => name),
      ]
        .join('\n')
        .toLowerCase();
      return words.every((word) => searched.includes(word));
    })
    .map((one) => ({ ...one, key: column?.sortBy(one.view, one.users.length) ?? 0 }))
    .sort((a, b) => direction * compare(a.key, b.key) || compare(a.view.name, b.view.name) || compare(a.label, b.label))
    .map(({ label }) => label);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, undefined, { numeric: true });
  return Number(a) - Number(b);
}

/** The proxies that lead to a plugin, in the order of their making. */
export function proxiesTo(proxies: Iterable<ProxyView>, { user, plugin }: PluginKey): readonly ProxyView[] {
  return [...proxies].filter(({ config }) => {
    const target = pluginOf(config);
    return target?.user === user && target.plugin === plugin;
  });
}

/** `127.0.0.1:1880`; a service on UDP says so. */
export function placeText({ address, port, transport }: Pick<PluginView, 'address' | 'port' | 'transport'>): string {
  return `${hostAndPort(address, port)}${transport === 'udp' ? ' UDP' : ''}`;
}

/** `alice`, `broker` → the key, where both could be registered: an address may hold anything. */
export function keyOf(user: string, plugin: string): PluginKey | undefined {
  return userId.safeParse(user).success && pluginId.safeParse(plugin).success ? { user, plugin } : undefined;
}
