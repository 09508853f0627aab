/** How the gateway looks from the tray: the worst state of all proxies, as an icon and as words. Pure. */
import { type ShownState, shownState, shownStates, stateText } from '../../shared/shown-state.ts';
import { plain } from '../../shared/text.ts';
import type { Shown } from './gateway-watch.ts';

export const trayIcons = ['calm', 'active', 'degraded', 'waiting', 'fault', 'stopped', 'away'] as const;
export type TrayIcon = (typeof trayIcons)[number];

export interface TrayLook {
  readonly icon: TrayIcon;
  readonly tooltip: string;
}

const icons: Record<ShownState, TrayIcon> = {
  fault: 'fault',
  degraded: 'degraded',
  retrying: 'waiting',
  waiting: 'waiting',
  starting: 'waiting',
  active: 'active',
  listening: 'calm',
  disabled: 'calm',
};

/** @param now wall clock in milliseconds */
export function trayLook({ state, presence, pipes }: Shown, now: number): TrayLook {
  const { settings, proxies } = state;
  const name = settings?.siteName ? `Sluice, ${plain(settings.siteName)}` : 'Sluice';
  if (presence === 'away') return { icon: 'away', tooltip: `${name}: not answering` };
  if (presence === 'connecting' || !settings) return { icon: 'calm', tooltip: `${name}: starting` };
  if (settings.stopped) return { icon: 'stopped', tooltip: `${name}: stopped` };
  const counts = Map.groupBy(proxies.values(), (view) => shownState(view, now));
  const found = shownStates.filter((shown) => counts.has(shown));
  const words = found.map((shown) => `${counts.get(shown)?.length} ${stateText[shown].toLowerCase()}`);
  const connections = `${pipes} ${pipes === 1 ? 'connection' : 'connections'}`;
  return {
    icon: icons[found[0] ?? 'listening'],
    tooltip: `${name}: ${words.length > 0 ? `${words.join(', ')}. ${connections}` : 'no proxies'}`,
  };
}
