/** What the Devices page says before there is one: where to point it at, and that the hub waits for it. */
import AddIcon from '@mui/icons-material/Add';
import WaitingIcon from '@mui/icons-material/HourglassEmptyOutlined';
import Button from '@mui/material/Button';
import { hostAndPort } from '../../../shared/address.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { navigate } from '../../components/location.ts';
import { useShortcuts } from '../../components/shortcuts.ts';
import { ConnectPanel } from './connect-panel.tsx';
import styles from './empty-devices.module.css';
import { HubBar, HubFaults } from './hub-bar.tsx';
import { Incidents } from './incidents.tsx';
import { useDoor } from './use-door.ts';

export function EmptyDevices() {
  const door = useDoor();
  const user = useGateway(({ settings }) => settings?.account ?? '');
  useShortcuts({ n: () => navigate('/devices/add') });
  return (
    <>
      <div className={`page-head ${styles.head}`}>
        <h1>Devices</h1>
      </div>
      {door ? <HubFaults /> : <HubBar />}
      <div className={styles.body}>
        <div className={styles.column}>
          <h2>No device has connected yet.</h2>
          <p className={styles.lead}>
            {door ? (
              <>
                Point one at <code>{hostAndPort(door.host, door.port)}</code>. It logs in with the username, ID and
                credentials that you give it here.
              </>
            ) : (
              'The hub has no open door, so none can.'
            )}
          </p>
          <div className={styles.action}>
            <Button
              size="large"
              variant="contained"
              color="primary"
              autoFocus
              startIcon={<AddIcon />}
              onClick={() => navigate('/devices/add')}
              aria-keyshortcuts="n"
            >
              Add Device
            </Button>
            <span>Choose an ID, get credentials and the command for it.</span>
            <KeyCap>N</KeyCap>
          </div>
          {door && (
            <>
              <p className={styles.waiting} role="status">
                <WaitingIcon />
                Waiting for the first device…
              </p>
              <ConnectPanel login={{ user, device: 'raspi' }} isExample />
            </>
          )}
        </div>
        <Incidents />
      </div>
      <footer className="page-foot">No devices</footer>
    </>
  );
}
