/** The state of an upstream connection as shape, word and colour. */
import CircleIcon from '@mui/icons-material/Circle';
import RetryIcon from '@mui/icons-material/Replay';
import StopIcon from '@mui/icons-material/Stop';
import type { AgentView } from '../../../shared/agent.ts';
import { useClock } from '../../api/clock.ts';
import styles from './agents-section.module.css';

const icons = { disabled: StopIcon, connecting: RetryIcon, online: CircleIcon, waiting: RetryIcon };

export function AgentState({ view }: { view: AgentView }) {
  const Icon = icons[view.state];
  const text = useClock((now) => agentStateText(view, now));
  return (
    <span className={`${styles.state} ${styles[view.state]}`}>
      <Icon />
      {text}
    </span>
  );
}

/** `Online`, `Connecting`, `Retrying in 8 s`, `Disabled`. */
export function agentStateText({ state, retryAt }: Pick<AgentView, 'state' | 'retryAt'>, now: number): string {
  switch (state) {
    case 'disabled':
      return 'Disabled';
    case 'online':
      return 'Online';
    case 'connecting':
      return 'Connecting';
    case 'waiting':
      return retryAt === null || retryAt <= now ? 'Retrying' : `Retrying in ${Math.ceil((retryAt - now) / 1000)} s`;
  }
}
