/** The drawing of a pipe, 52 × 16: source dot, device diamond, target ring, and a cross at the hop that broke. */
import type { Protocol } from '../../shared/proxy.ts';
import type { ShownState } from './shown-state.ts';

const text: Record<ShownState, string> = {
  fault: 'broken at the source: port not open',
  retrying: 'broken at the source: port not open',
  degraded: 'broken at the target: not reached',
  waiting: 'waiting for the device',
  starting: 'opening the port',
  active: 'bytes passing',
  listening: 'ready',
  disabled: 'not open',
};

interface PipeLineProps {
  state: ShownState;
  protocol: Protocol;
}

const WIDTH = 52;
const END = WIDTH - 5;
const DEVICE = 28;

export function PipeLine({ state, protocol }: PipeLineProps) {
  const sourceBroken = state === 'fault' || state === 'retrying';
  const targetBroken = state === 'degraded';
  const isWaiting = state === 'waiting';
  const hasDevice = protocol === 'tcp_iotmp';
  const ink = state === 'disabled' ? 'var(--line-strong)' : 'var(--ink2)';
  const isUnsure = sourceBroken || state === 'starting';
  const leg = {
    y1: 8,
    y2: 8,
    stroke: state === 'active' ? 'var(--active)' : ink,
    strokeWidth: state === 'active' ? 3 : 1.5,
  };
  const from = sourceBroken ? 13 : 6;
  const to = targetBroken ? END - 7 : END - 3;
  const dashes = isUnsure ? '2 2' : protocol === 'udp' ? '4 2.5' : undefined;
  return (
    <svg viewBox={`0 0 ${WIDTH} 16`} width={WIDTH} height={16} role="img" aria-label={text[state]}>
      {hasDevice ? (
        <>
          <line x1={from} x2={DEVICE - 5} {...leg} strokeDasharray={dashes} />
          <line x1={DEVICE + 5} x2={to} {...leg} strokeDasharray={isUnsure || isWaiting ? '2 2' : undefined} />
          <path
            d={`M${DEVICE} 3l5 5l-5 5l-5-5z`}
            fill="none"
            stroke={isWaiting ? 'var(--waiting)' : ink}
            strokeWidth={isWaiting ? 2 : 1.5}
          />
        </>
      ) : (
        <line x1={from} x2={to} {...leg} strokeDasharray={dashes} />
      )}
      {sourceBroken ? <Cross x={7} colour="var(--fault)" /> : <circle cx={5} cy={8} r={4} fill={ink} />}
      {targetBroken ? (
        <Cross x={END - 2} colour="var(--degraded)" />
      ) : (
        <circle cx={END} cy={8} r={3.25} fill="none" stroke={ink} strokeWidth={1.5} />
      )}
    </svg>
  );
}

function Cross({ x, colour }: { x: number; colour: string }) {
  return <path d={`M${x - 3.5} 4.5l7 7m0-7l-7 7`} stroke={colour} strokeWidth={2.25} fill="none" />;
}
