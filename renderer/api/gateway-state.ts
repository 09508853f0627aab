/** What the page knows of the gateway, and how each event changes it. Pure: a row that did not change stays the same object. */
import { replaceEqualDeep } from '@tanstack/react-query';
import type { Settings } from '../../shared/settings.ts';
import type { GatewayEvent, GatewayStatus, ProxyView } from '../../shared/status.ts';

type Notices = GatewayStatus['notices'];

export interface GatewayState {
  /** By ID, in the order of creation. */
  readonly proxies: ReadonlyMap<string, ProxyView>;
  /** Absent until the first snapshot. */
  readonly settings: Settings | undefined;
  readonly notices: Notices;
}

export const emptyState: GatewayState = { proxies: new Map(), settings: undefined, notices: [] };

export function applyEvent(state: GatewayState, event: GatewayEvent): GatewayState {
  switch (event.type) {
    case 'snapshot':
      return {
        proxies: new Map(event.proxies.map((view) => [view.proxy, unchanged(state.proxies.get(view.proxy), view)])),
        settings: replaceEqualDeep(state.settings, event.settings),
        notices: event.notices,
      };
    case 'proxy.changed': {
      const { proxy } = event;
      return {
        ...state,
        proxies: new Map(state.proxies).set(proxy.proxy, unchanged(state.proxies.get(proxy.proxy), proxy)),
      };
    }
    case 'proxy.removed': {
      const proxies = new Map(state.proxies);
      return proxies.delete(event.proxy) ? { ...state, proxies } : state;
    }
    case 'traffic': {
      const proxies = new Map(state.proxies);
      for (const [id, status] of Object.entries(event.statuses)) {
        const known = proxies.get(id);
        if (known) proxies.set(id, unchanged(known, { ...known, status }));
      }
      return { ...state, proxies };
    }
    case 'settings.changed':
      return { ...state, settings: event.settings };
    case 'notices.changed':
      return { ...state, notices: event.notices };
  }
}

const unchanged = (before: ProxyView | undefined, now: ProxyView): ProxyView => replaceEqualDeep(before, now);
