/** Adds a device, then shows once what it needs to connect. */
import BackIcon from '@mui/icons-material/ArrowBack';
import IconButton from '@mui/material/IconButton';
import { useState } from 'react';
import type { DeviceKey } from '../../../shared/device.ts';
import { deviceId, userId } from '../../../shared/name.ts';
import { useGateway } from '../../api/use-gateway.ts';
import styles from '../../components/form-page.module.css';
import { navigate } from '../../components/location.ts';
import type { Login } from './connect-data.ts';
import { CredentialsShown } from './credentials-shown.tsx';
import { DeviceForm } from './device-form.tsx';
import { newDevice } from './device-values.ts';

/** @param props.asked  a device that tried to connect and is not registered */
export function DeviceAddPage({ asked }: { asked?: DeviceKey }) {
  const account = useGateway(({ settings }) => settings?.account);
  if (account === undefined) return <p className={styles.waiting}>Waiting for the engine…</p>;
  return <StartedForm asked={asked} account={account} />;
}

function StartedForm({ asked, account }: { asked: DeviceKey | undefined; account: string }) {
  const [values] = useState(() => {
    const isUsable = asked && userId.safeParse(asked.user).success && deviceId.safeParse(asked.device).success;
    return isUsable ? newDevice(asked.user, asked.device) : newDevice(account);
  });
  const [added, setAdded] = useState<Required<Login> | undefined>(undefined);
  if (added) return <CredentialsShown login={added} title="Device added" />;
  return (
    <>
      <div className={`page-head ${styles.head}`}>
        <IconButton className={styles.back} aria-label="Back to the list" onClick={() => navigate('/devices')}>
          <BackIcon />
        </IconButton>
        <h1>Add Device</h1>
      </div>
      <DeviceForm
        values={values}
        cancelTo="/devices"
        onSaved={({ user, device }, credentials) => setAdded({ user, device, credentials })}
      />
    </>
  );
}
