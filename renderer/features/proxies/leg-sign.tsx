/** Whether a leg is encrypted, as a small lock; nothing where its bytes do not leave this PC. */
import LockIcon from '@mui/icons-material/Lock';
import OpenIcon from '@mui/icons-material/LockOpen';
import { deviceOf, type ProxyConfig } from '../../../shared/proxy.ts';
import { plainLegs } from '../../../shared/sentence.ts';
import styles from './proxy-table.module.css';

export function LegSign({ config, leg }: { config: ProxyConfig; leg: 'source' | 'target' }) {
  const isByDevice = leg === 'target' && deviceOf(config) !== undefined;
  if (config[leg].secure) {
    return <LockIcon className={styles.lock ?? ''} titleAccess={isByDevice ? 'TLS made by the device' : 'TLS'} />;
  }
  if (!plainLegs(config)[leg]) return null;
  return <OpenIcon className={`${styles.lock} ${styles.plain}`} titleAccess="Not encrypted" />;
}
