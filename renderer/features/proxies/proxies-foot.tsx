/** Totals under the table, and what the arrows mean. */
import ToSourceIcon from '@mui/icons-material/ArrowBack';
import ToTargetIcon from '@mui/icons-material/ArrowForward';
import type { ProxyView } from '../../../shared/status.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { counted } from '../../components/format.ts';
import { Rates } from '../../components/rates.tsx';
import styles from './proxies-foot.module.css';

export function ProxiesFoot({ shown }: { shown: number }) {
  const { total, open, received, sent } = useGateway(
    ({ proxies }) => totals([...proxies.values()]),
    (a, b) => a.total === b.total && a.open === b.open && a.received === b.received && a.sent === b.sent,
  );
  return (
    <footer className={`page-foot ${styles.foot}`}>
      <span>
        {shown} of {total}
      </span>
      <span>{counted(open, 'connection')} open</span>
      <span>
        <Rates rate={{ received, sent }} inLine />
      </span>
      <span className={styles.legend}>
        <ToTargetIcon /> to the target <ToSourceIcon /> back to the source
      </span>
    </footer>
  );
}

function totals(views: readonly ProxyView[]) {
  const sum = (of: (view: ProxyView) => number) => views.reduce((total, view) => total + of(view), 0);
  return {
    total: views.length,
    open: sum(({ status }) => status.pipes.open),
    received: sum(({ status }) => status.rate.received),
    sent: sum(({ status }) => status.rate.sent),
  };
}
