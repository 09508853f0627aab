/** The state that people see: what the engine says, plus Active (bytes in the last 10 s) and Stopped (by Stop all). */
import type { ProxyStatus, ProxyView } from './status.ts';

/** In the order of the default sort: what needs a person comes first. */
export const shownStates = [
  'fault',
  'degraded',
  'retrying',
  'waiting',
  'starting',
  'active',
  'listening',
  'disabled',
] as const;
export type ShownState = (typeof shownStates)[number];

const ACTIVE_MS = 10_000;

export function shownState(view: Pick<ProxyView, 'status'>, now: number): ShownState {
  const { state, lastActivity } = view.status;
  if (state !== 'listening') return state;
  return lastActivity !== null && now - lastActivity <= ACTIVE_MS ? 'active' : 'listening';
}

export const stateText: Record<ShownState, string> = {
  fault: 'Fault',
  degraded: 'Degraded',
  retrying: 'Retrying',
  waiting: 'Waiting',
  starting: 'Starting',
  active: 'Active',
  listening: 'Listening',
  disabled: 'Disabled',
};

/** The word on the chip: with the seconds to the next try, and why an enabled proxy does not run. */
export function stateLabel(view: Pick<ProxyView, 'status' | 'enabled'>, now: number): string {
  const state = shownState(view, now);
  const { retryAt } = view.status;
  if (state === 'disabled' && view.enabled) return 'Stopped';
  if (state === 'waiting') return 'Waiting for device';
  if (state !== 'retrying' || retryAt === null || retryAt <= now) return stateText[state];
  return `Retrying in ${Math.ceil((retryAt - now) / 1000)} s`;
}

const pluginDetail: Readonly<Record<string, string>> = {
  PLUGIN_UNKNOWN: 'no such plugin',
  PLUGIN_STOPPED: 'plugin not running',
  PLUGIN_NOT_ANSWERING: 'plugin not answering',
};

/** How long people are told of a client that was turned away. */
const REJECTED_MS = 10 * 60_000;

/** What there is to tell of a proxy: the fault of its state, else a client that was turned away lately. */
export function toldFault({ status }: Pick<ProxyView, 'status'>, now: number): ProxyStatus['error'] {
  const { error, rejected } = status;
  return error ?? (rejected && now - rejected.at < REJECTED_MS ? rejected : null);
}

/** The second line under the chip; empty where the state says it all. */
export function stateDetail(view: Pick<ProxyView, 'status'>, now: number, timeText: (at: number) => string): string {
  const { status } = view;
  const { failedInARow } = status.pipes;
  const { code, details } = status.error ?? {};
  switch (status.state) {
    case 'fault':
      return `since ${timeText(status.since)}`;
    case 'retrying':
      return typeof details?.address === 'string' ? `${details.address} gone` : '';
    case 'waiting':
      if (code === 'DEVICE_UNKNOWN') return 'no such device';
      return typeof details?.lastSeen === 'string' ? `last seen ${details.lastSeen}` : 'never seen';
    case 'degraded':
      if (code === 'DEVICE_CANNOT_PROXY') return 'no proxy streams';
      if (code && pluginDetail[code]) return pluginDetail[code];
      if (code === 'TARGET_REFUSED') return `${failedInARow} of ${failedInARow} refused`;
      return failedInARow > 0 ? `target not reached (${failedInARow})` : '';
    default: {
      const address = toldFault(view, now)?.details.address;
      return typeof address === 'string' ? `${address} turned away` : '';
    }
  }
}
