/** How a device is connected: a closed lock where nobody can read along, an open one where everybody can. */
import LockIcon from '@mui/icons-material/Lock';
import OpenLockIcon from '@mui/icons-material/LockOpen';
import type { DeviceTransport } from '../../../shared/device.ts';
import { doorText } from './connect-data.ts';
import styles from './device-table.module.css';

export function ProtocolTag({ transport }: { transport: DeviceTransport | null }) {
  if (transport === null) return '–';
  return (
    <span className={styles.tag}>
      {transport === 'tcp' ? (
        <OpenLockIcon className={styles.openLock} titleAccess="not encrypted" />
      ) : (
        <LockIcon className={styles.closedLock} titleAccess="encrypted" />
      )}
      {doorText[transport]}
    </span>
  );
}
