/** The drawing of a pipe, 52 × 16: source dot, device diamond, target ring (a small page for a portal), and a cross at the hop that broke. */
import type { Hop } from '../../shared/errors.ts';
import { isThroughDevice, type Protocol } from '../../shared/proxy.ts';
import type { ShownState } from '../../shared/shown-state.ts';

const text: Record<ShownState, string> = {
  fault: 'broken at the source: port not open',
  retrying: 'broken at the source: port not open',
  degraded: 'broken at the target: not reached',
  waiting: 'broken at the device: not connected',
  starting: 'opening the port',
  active: 'bytes passing',
  listening: 'ready',
  disabled: 'not open',
};

interface PipeLineProps {
  state: ShownState;
  protocol: Protocol;
  /** Which hop the fault of the state is about. */
  brokenAt?: Hop | undefined;
}

const WIDTH = 52;
const END = WIDTH - 5;
const MIDDLE = WIDTH / 2;
const DOTTED = '2 2';

export function PipeLine({ state, protocol, brokenAt }: PipeLineProps) {
  const hasDevice = isThroughDevice(protocol);
  const sourceBroken = state === 'fault' || state === 'retrying';
  const deviceBroken = hasDevice && (state === 'waiting' || (state === 'degraded' && brokenAt === 'device'));
  const targetBroken = state === 'degraded' && !deviceBroken;
  const ink = state === 'disabled' ? 'var(--line-strong)' : 'var(--ink2)';
  const line = { stroke: state === 'active' ? 'var(--active)' : ink, strokeWidth: state === 'active' ? 3 : 1.5 };
  const dash = sourceBroken || state === 'starting' ? DOTTED : protocol === 'udp' ? '4 2.5' : undefined;
  const from = sourceBroken ? 13 : 6;
  const to = targetBroken ? END - 7 : protocol === 'http_iotmp' ? END - 4 : END - 3;
  const deviceInk = !deviceBroken ? ink : state === 'waiting' ? 'var(--waiting)' : 'var(--degraded)';
  return (
    <svg
      viewBox={`0 0 ${WIDTH} 16`}
      width={WIDTH}
      height={16}
      role="img"
      aria-label={deviceBroken && state === 'degraded' ? 'broken at the device' : text[state]}
    >
      {hasDevice ? (
        <>
          <line x1={from} x2={MIDDLE - 5} y1={8} y2={8} strokeDasharray={dash} {...line} />
          <line x1={MIDDLE + 5} x2={to} y1={8} y2={8} strokeDasharray={deviceBroken ? DOTTED : dash} {...line} />
          <path d={`M${MIDDLE} 3.5l4.5 4.5-4.5 4.5-4.5-4.5z`} fill="var(--page)" stroke={deviceInk} strokeWidth={1.5} />
        </>
      ) : (
        <line x1={from} x2={to} y1={8} y2={8} strokeDasharray={dash} {...line} />
      )}
      {sourceBroken ? <Cross x={7} colour="var(--fault)" /> : <circle cx={5} cy={8} r={4} fill={ink} />}
      {targetBroken ? (
        <Cross x={END - 2} colour="var(--degraded)" />
      ) : protocol === 'http_iotmp' ? (
        <path d={`M${END - 4} 3h8v10h-8zm0 3h8`} fill="none" stroke={ink} strokeWidth={1.5} />
      ) : (
        <circle cx={END} cy={8} r={3.25} fill="none" stroke={ink} strokeWidth={1.5} />
      )}
    </svg>
  );
}

function Cross({ x, colour }: { x: number; colour: string }) {
  return <path d={`M${x - 3.5} 4.5l7 7m0-7l-7 7`} stroke={colour} strokeWidth={2.25} fill="none" />;
}
