/** Rates in both directions; an arrow to the right is to the target, to the left back to the source. */
import ToSourceIcon from '@mui/icons-material/ArrowBack';
import ToTargetIcon from '@mui/icons-material/ArrowForward';
import type { BothWays } from '../../shared/traffic.ts';
import { formatRate } from './format.ts';
import styles from './rates.module.css';

export function Rates({ rate, inLine }: { rate: BothWays; inLine?: boolean }) {
  return (
    <span className={inLine ? styles.inLine : styles.stacked}>
      <span>
        <ToTargetIcon titleAccess="to the target" />
        {formatRate(rate.received)}
      </span>
      <span>
        <ToSourceIcon titleAccess="back to the source" />
        {formatRate(rate.sent)}
      </span>
    </span>
  );
}
