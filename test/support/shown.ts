/** What the shell of the desktop application shows of a gateway, for tests. */
import type { Shown } from '../../main/electron/gateway-watch.ts';
import { emptyState } from '../../shared/gateway-state.ts';
import { defaultSettings, type SettingsView } from '../../shared/settings.ts';
import type { ProxyStatus } from '../../shared/status.ts';
import { sampleProxy } from './sample-proxy.ts';

interface Around {
  readonly presence?: Shown['presence'];
  readonly pipes?: number;
  readonly settings?: SettingsView | undefined;
  /** Of the proxies; else `p0`, `p1` and so on. */
  readonly names?: readonly string[];
}

/** One proxy per status, with the IDs `p0`, `p1` and so on. */
export function shownWith(statuses: readonly Partial<ProxyStatus>[], around: Around = {}): Shown {
  const { presence = 'answering', pipes = 0, names = [] } = around;
  const settings = 'settings' in around ? around.settings : { ...defaultSettings, agents: [] };
  const views = statuses.map((status, index) =>
    sampleProxy({ proxy: `p${index}`, name: names[index] ?? `p${index}`, status }),
  );
  return {
    presence,
    pipes,
    state: { ...emptyState, settings, proxies: new Map(views.map((view) => [view.proxy, view])) },
  };
}
