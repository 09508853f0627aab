/** The mark of Sluice: a gate over water, on a grid of 16. The water says how the gateway is. */
export type MarkState = 'running' | 'active' | 'needs-you' | 'stopped' | 'away';

const WALLS = 'M0 4h5v2H0zM11 4h5v2h-5zM0 14h16v2H0z';
const PLATE_UP = 'M6 0h4v8H6z';
const PLATE_DOWN = 'M6 3h4v10H6z';

const water: Record<MarkState, { readonly path: string; readonly colour: string }> = {
  running: { path: 'M0 9h16v4H0z', colour: 'var(--listening)' },
  active: { path: 'M0 9h16v4H0z', colour: 'var(--active)' },
  'needs-you': { path: 'M0 9h5v4H0zM11 9h5v4h-5z', colour: 'var(--fault)' },
  stopped: { path: 'M0 9h5v4H0z', colour: 'var(--off)' },
  away: { path: 'M0 9h2v4H0zM5 9h2v4H5zM9 9h2v4H9zM14 9h2v4h-2z', colour: 'var(--degraded)' },
};

const markText: Record<MarkState, string> = {
  running: 'Running',
  active: 'Bytes passing',
  'needs-you': 'A proxy needs you',
  stopped: 'Stopped',
  away: 'Engine not answering',
};

/** @param props.size in px; a multiple of 8 keeps the pixels whole */
export function Mark({ state, size, isDecorative }: { state: MarkState; size: number; isDecorative?: boolean }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      shapeRendering="crispEdges"
      role="img"
      aria-label={markText[state]}
      aria-hidden={isDecorative}
    >
      <path d={WALLS + (state === 'stopped' ? PLATE_DOWN : PLATE_UP)} fill="var(--ink)" />
      <path d={water[state].path} fill={water[state].colour} />
    </svg>
  );
}
