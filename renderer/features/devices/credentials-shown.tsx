/** The one time that credentials are shown after they were saved: to copy, as commands, as a QR code. */
import OnlineIcon from '@mui/icons-material/Circle';
import WaitingIcon from '@mui/icons-material/HourglassEmptyOutlined';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { deviceLabel } from '../../../shared/device.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { CopyLine } from '../../components/copy-line.tsx';
import { formatTime } from '../../components/format.ts';
import { leaveTo } from '../../components/location.ts';
import type { Login } from './connect-data.ts';
import { ConnectPanel } from './connect-panel.tsx';
import styles from './credentials-shown.module.css';

interface CredentialsShownProps {
  login: Required<Login>;
  title: string;
  /** Where Done leads to, besides the page of the device. */
  onDone?: () => void;
}

export function CredentialsShown({ login, title, onDone }: CredentialsShownProps) {
  const { user, device, credentials } = login;
  const done = onDone ?? (() => leaveTo(`/devices/${user}/${device}`));
  return (
    <div className={styles.page}>
      <div className={styles.body}>
        <h1>{title}</h1>
        <p className={styles.once}>
          <WarningIcon />
          These credentials are shown this once. Copy them, or use one of the commands below, before you go on.
        </p>
        <h2>Device Credentials of {deviceLabel(login)}</h2>
        <CopyLine text={String(credentials)} what="the credentials" />
        <WaitingLine login={login} />
        <ConnectPanel login={login} />
      </div>
      <div className={styles.foot}>
        <Button size="large" variant="contained" color="primary" onClick={done}>
          Done
        </Button>
      </div>
    </div>
  );
}

/** Says when the device comes in. A connection that was there before knows nothing of new credentials. */
function WaitingLine({ login }: { login: Login }) {
  const since = useGateway(({ devices }) => {
    const connection = devices.get(deviceLabel(login))?.connection;
    return connection?.active ? connection.since : null;
  });
  const [before] = useState(since);
  const { device } = login;
  if (since !== null && since === before) {
    return (
      <p className={styles.waiting} role="status">
        <WaitingIcon />
        {device} stays connected as it is, and needs these at its next login.
      </p>
    );
  }
  return (
    <p className={since === null ? styles.waiting : styles.online} role="status">
      {since === null ? <WaitingIcon /> : <OnlineIcon className={styles.dot} />}
      {since === null ? `Waiting for ${device} to connect…` : `${device} is online since ${formatTime(since, true)}.`}
    </p>
  );
}
