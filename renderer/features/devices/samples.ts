/** The last minute of a device as samples for the graph: first what the gateway kept, then one more each second. */
import type { DeviceConnection } from '../../../shared/device.ts';
import { historyColumnMs, historyColumns } from '../../../shared/traffic.ts';
import type { Sample } from '../../components/live-chart.tsx';

export const SPAN_MS = historyColumns * historyColumnMs;

/** Columns of bytes as rates; the last column ends now. */
export function samplesOfHistory({ history }: Pick<DeviceConnection, 'history'>, now: number): readonly Sample[] {
  const perSecond = 1000 / historyColumnMs;
  return history.sent.map((sent, index) => ({
    at: now - (history.sent.length - index) * historyColumnMs,
    to: sent * perSecond,
    back: (history.received[index] ?? 0) * perSecond,
  }));
}

/** With the rate of this moment, without what has left the graph. */
export function withSample(
  samples: readonly Sample[],
  { active, rate }: Pick<DeviceConnection, 'active' | 'rate'>,
  now: number,
): readonly Sample[] {
  const sample = { at: now, to: active ? rate.sent : 0, back: active ? rate.received : 0 };
  // One before the left edge stays, so that the line begins at the edge.
  const kept = samples.findIndex(({ at }) => at >= now - SPAN_MS);
  return [...samples.slice(Math.max(0, kept - 1)), sample];
}
