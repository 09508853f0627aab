/** The page of a device that is not registered: never was, or was removed. */
import Button from '@mui/material/Button';
import type { DeviceKey } from '../../../shared/device.ts';
import { navigate } from '../../components/location.ts';
import styles from '../../components/profile.module.css';
import { keyOf } from './device-list.ts';

export function UnknownDevice({ user, device }: DeviceKey) {
  const key = keyOf(`${user}/${device}`);
  return (
    <>
      <div className="page-head">
        <h1>Devices</h1>
      </div>
      <div className={styles.missing}>
        <p>
          There is no device <bdi>{device}</bdi> of the account <bdi>{user}</bdi>. It may have been removed, or was
          never added.
        </p>
        {key && (
          <Button
            variant="contained"
            color="primary"
            onClick={() => navigate(`/devices/add/as/${key.user}/${key.device}`)}
          >
            Add this device
          </Button>
        )}
        <Button onClick={() => navigate('/devices')}>Show the list</Button>
      </div>
    </>
  );
}
