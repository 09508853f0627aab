/** Bytes of the last minute: 20 columns, to the target above the axis, back to the source below, one scale for both. */
import { formatBytes } from './format.ts';

const HALF = 9;

interface History {
  readonly received: readonly number[];
  readonly sent: readonly number[];
}

/** @param props.toText  what the upper half is called */
export function Sparkline({ history, toText = 'to the target' }: { history: History; toText?: string }) {
  const most = Math.max(1, ...history.received, ...history.sent);
  const columns = (values: readonly number[], sign: 1 | -1) =>
    values
      .map((value, index) => (value > 0 ? `M${index * 3} ${HALF + sign}h2v${sign * scaled(value, most)}h-2z` : ''))
      .join('');
  const sum = (values: readonly number[]) => formatBytes(values.reduce((total, value) => total + value, 0));
  return (
    <svg
      viewBox={`0 0 60 ${HALF * 2}`}
      width={60}
      height={HALF * 2}
      shapeRendering="crispEdges"
      role="img"
      aria-label={`last 60 s: ${sum(history.received)} ${toText}, ${sum(history.sent)} back`}
    >
      <path d={columns(history.received, -1)} fill="var(--to-target)" />
      <path d={columns(history.sent, 1)} fill="var(--to-source)" />
    </svg>
  );
}

const scaled = (value: number, most: number): number => Math.max(1, Math.round((value / most) * (HALF - 1)));
