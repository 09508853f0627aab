/** Over the list: where devices connect to, and what keeps them from it. */
import OpenIcon from '@mui/icons-material/Check';
import FaultIcon from '@mui/icons-material/Close';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Button from '@mui/material/Button';
import { hostAndPort } from '../../../shared/address.ts';
import type { HubStatus } from '../../../shared/device.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import { Sentence } from '../../components/sentence.tsx';
import { doorText, openDoors } from './connect-data.ts';
import styles from './hub-bar.module.css';
import { useDoor } from './use-door.ts';

export function HubBar() {
  const hub = useGateway((snapshot) => snapshot.hub);
  const door = useDoor();
  const open = openDoors(hub);
  const isFaulty = hub.listeners.some(({ state }) => state === 'fault');
  return (
    <>
      <HubFaults />
      {open.length > 0 && (
        <div className={styles.bar}>
          <span className={styles.well}>
            <OpenIcon />
            Hub listening
          </span>
          {door && (
            <span>
              Point devices at <code>{hostAndPort(door.host, door.port)}</code>
              {door.isLocal && ', which only programs on this PC can reach'}
            </span>
          )}
          <span className={styles.doors}>
            {open.map(({ transport, port }) => `${doorText[transport]} ${port}`).join(' · ')}
          </span>
        </div>
      )}
      {open.length === 0 && !isFaulty && (
        <div className={`${styles.bar} ${styles.warning}`} role="status">
          <WarningIcon />
          <span className={styles.words}>Every door of the hub is off, so no device can connect.</span>
          <Button onClick={() => navigate('/settings')}>Open settings</Button>
        </div>
      )}
    </>
  );
}

/** Doors that should be open and are not, each with its reason. */
export function HubFaults() {
  const listeners = useGateway(({ hub }) => hub.listeners);
  return listeners
    .filter(({ state }) => state === 'fault')
    .map((listener) => <HubFault key={listener.transport} listener={listener} />);
}

function HubFault({ listener }: { listener: HubStatus['listeners'][number] }) {
  const { transport, address, port, error } = listener;
  return (
    <div className={`${styles.bar} ${styles.fault}`} role="alert">
      <FaultIcon />
      <p className={styles.words}>
        {error ? (
          <Sentence text={error.message} strong={error.details.process ?? error.details.owner} />
        ) : (
          `The hub could not open port ${port}.`
        )}{' '}
        <span>
          No device can connect over {doorText[transport]}. {error?.next} It is tried again by itself.
        </span>
      </p>
      <Button onClick={() => navigate('/settings')}>Change the port</Button>
      <code>
        {error?.code} · {hostAndPort(address, port)}
      </code>
    </div>
  );
}
