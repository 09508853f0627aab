/** State as shape, word and colour. A filled shape means that somebody should look. */
import CircleIcon from '@mui/icons-material/Circle';
import CloseIcon from '@mui/icons-material/Close';
import ContrastIcon from '@mui/icons-material/Contrast';
import WaitingIcon from '@mui/icons-material/HourglassEmptyOutlined';
import PlayIcon from '@mui/icons-material/PlayArrowOutlined';
import ReplayIcon from '@mui/icons-material/Replay';
import StopIcon from '@mui/icons-material/Stop';
import type { ComponentType } from 'react';
import type { ShownState } from '../../shared/shown-state.ts';
import styles from './state-chip.module.css';

const icons: Record<ShownState, ComponentType<{ className?: string; fontSize?: 'inherit' }>> = {
  fault: CloseIcon,
  degraded: ContrastIcon,
  retrying: ReplayIcon,
  waiting: WaitingIcon,
  starting: ReplayIcon,
  active: CircleIcon,
  listening: PlayIcon,
  disabled: StopIcon,
};

export function StateChip({ state, label }: { state: ShownState; label: string }) {
  return (
    <span className={`${styles.chip} ${styles[state]}`}>
      <StateIcon state={state} />
      {label}
    </span>
  );
}

/** The icon alone, for filter buttons that repeat icon and word. */
export function StateIcon({ state, inColour }: { state: ShownState; inColour?: boolean }) {
  const Icon = icons[state];
  return (
    <Icon
      fontSize="inherit"
      className={`${styles.icon} ${inColour ? `${styles.alone} ${styles[`${state}Ink`]}` : ''}`}
    />
  );
}
