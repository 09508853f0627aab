/** The state of a plugin as shape, word and colour. */
import CircleIcon from '@mui/icons-material/Circle';
import CloseIcon from '@mui/icons-material/Close';
import ContrastIcon from '@mui/icons-material/Contrast';
import UnknownIcon from '@mui/icons-material/QuestionMark';
import ReplayIcon from '@mui/icons-material/Replay';
import StopIcon from '@mui/icons-material/Stop';
import type { ComponentType } from 'react';
import type { PluginView, PluginState as State } from '../../shared/plugin.ts';
import { pluginStateLabel } from './shown-plugin-state.ts';
import styles from './state-chip.module.css';

interface Look {
  readonly Icon: ComponentType<{ className?: string; fontSize?: 'inherit'; titleAccess?: string }>;
  readonly chip: string | undefined;
  /** The colour of the icon where it stands alone. */
  readonly ink: string | undefined;
}

const looks: Record<State, Look> = {
  crashed: { Icon: CloseIcon, chip: styles.fault, ink: styles.faultInk },
  not_answering: { Icon: ContrastIcon, chip: styles.degraded, ink: styles.degradedInk },
  starting: { Icon: ReplayIcon, chip: styles.starting, ink: styles.startingInk },
  stopping: { Icon: ReplayIcon, chip: styles.starting, ink: styles.startingInk },
  unknown: { Icon: UnknownIcon, chip: styles.disabled, ink: styles.disabledInk },
  running: { Icon: CircleIcon, chip: styles.active, ink: styles.activeInk },
  stopped: { Icon: StopIcon, chip: styles.disabled, ink: styles.disabledInk },
};

/** @param props.hasWord  without it the word is only for screen readers and hovering */
export function PluginState({ view, hasWord }: { view: PluginView; hasWord?: boolean }) {
  const { Icon, chip, ink } = looks[view.status.state];
  const text = pluginStateLabel(view);
  if (!hasWord) {
    return <Icon fontSize="inherit" className={`${styles.icon} ${styles.alone} ${ink}`} titleAccess={text} />;
  }
  return (
    <span className={`${styles.chip} ${chip}`}>
      <Icon fontSize="inherit" className={`${styles.icon}`} />
      {text}
    </span>
  );
}
