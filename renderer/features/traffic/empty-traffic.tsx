/** Where there is no connection to look at: why, and what to do. */
import Button from '@mui/material/Button';
import { useGateway } from '../../api/use-gateway.ts';
import { counted } from '../../components/format.ts';
import { navigate } from '../../components/location.ts';
import { TestConnection } from './test-connection.tsx';
import styles from './traffic-page.module.css';

interface EmptyTrafficProps {
  /** Whose connections are listed; undefined: those of all. */
  proxy: string | undefined;
  isFiltered: boolean;
  isAnyProxy: boolean;
  onClear: () => void;
  /** How many conversations are kept, and what shows them. */
  kept: number;
  onKept: () => void;
}

export function EmptyTraffic({ proxy, isFiltered, isAnyProxy, onClear, kept, onKept }: EmptyTrafficProps) {
  const listening = useGateway(
    ({ proxies }) =>
      [...proxies.values()].filter(({ status }) => ['listening', 'degraded', 'waiting'].includes(status.state)).length,
  );
  if (isFiltered)
    return (
      <div className={styles.empty}>
        <p>No connection fits the filter.</p>
        <Button onClick={onClear}>Clear the filter</Button>
      </div>
    );
  if (!isAnyProxy)
    return (
      <div className={styles.empty}>
        <p>There is no proxy yet. A proxy opens a port on this PC and passes everything to a target.</p>
        <Button variant="contained" onClick={() => navigate('/proxies/add')}>
          Add Proxy
        </Button>
      </div>
    );
  return (
    <div className={styles.empty}>
      <p>Listening on {counted(listening, 'port')}, no connections yet.</p>
      <p className={styles.remark}>They are listed here as soon as a client connects.</p>
      <TestConnection proxy={proxy} />
      {kept > 0 && <Button onClick={onKept}>Show {counted(kept, 'kept conversation')}</Button>}
    </div>
  );
}
