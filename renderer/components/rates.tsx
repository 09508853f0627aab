/** Rates in both directions; an arrow to the right is to the target, to the left back to the source. */
import ToSourceIcon from '@mui/icons-material/ArrowBack';
import ToTargetIcon from '@mui/icons-material/ArrowForward';
import type { BothWays } from '../../shared/traffic.ts';
import { formatRate } from './format.ts';
import styles from './rates.module.css';

interface RatesProps {
  rate: BothWays;
  inLine?: boolean;
  /** What the arrows are called. */
  toText?: string;
  fromText?: string;
}

export function Rates({ rate, inLine, toText = 'to the target', fromText = 'back to the source' }: RatesProps) {
  return (
    <span className={inLine ? styles.inLine : styles.stacked}>
      <span>
        <ToTargetIcon titleAccess={toText} />
        {formatRate(rate.received)}
      </span>
      <span>
        <ToSourceIcon titleAccess={fromText} />
        {formatRate(rate.sent)}
      </span>
    </span>
  );
}
