/** One cell of the table of devices, by column. */
import { Link } from 'wouter';
import type { DeviceConnection, DeviceView } from '../../../shared/device.ts';
import { useClock } from '../../api/clock.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { DeviceState } from '../../components/device-state.tsx';
import { formatExact } from '../../components/format.ts';
import { Sparkline } from '../../components/sparkline.tsx';
import { type DeviceColumnId, lastConnectionText } from './device-list.ts';
import { DeviceRates } from './device-rates.tsx';
import styles from './device-table.module.css';
import { fromDevice } from './directions.ts';
import { ProtocolTag } from './protocol-tag.tsx';

interface DeviceCellProps {
  id: DeviceColumnId;
  view: DeviceView;
  isNarrow: boolean;
}

export function DeviceCell({ id, view, isNarrow }: DeviceCellProps) {
  const { connection } = view;
  switch (id) {
    case 'state':
      return (
        <td>
          <DeviceState view={view} hasWord />
          {isNarrow && connection.lastSeen !== null && (
            <span className={styles.second}>
              <LastConnection view={view} />
            </span>
          )}
        </td>
      );
    case 'device':
      return (
        <td>
          <NameCell view={view} />
        </td>
      );
    case 'description':
      return (
        <td className={styles.description} title={view.description}>
          <bdi>{view.description || '–'}</bdi>
        </td>
      );
    case 'protocol':
      return (
        <td>
          <ProtocolTag transport={connection.transport} />
        </td>
      );
    case 'connection':
      return (
        <td className={styles.quiet}>
          <LastConnection view={view} />
        </td>
      );
    case 'address':
      return <td className={styles.address}>{addressOf(connection)}</td>;
    case 'streams':
      return <td className={`${styles.right} ${styles.streams}`}>{connection.active ? connection.streams : '–'}</td>;
    case 'now':
      return (
        <td className={styles.right}>
          <Now connection={connection} isNarrow={isNarrow} />
        </td>
      );
  }
}

/** The account stands before the ID where it is not the usual one. */
function NameCell({ view }: { view: DeviceView }) {
  const { user, device, name } = view;
  const account = useGateway(({ settings }) => settings?.account);
  return (
    <>
      <Link href={`/devices/${user}/${device}`} className={styles.name} title={name}>
        <bdi>{name}</bdi>
      </Link>
      <span className={styles.second}>
        {user !== account && `${user}/`}
        {device}
      </span>
    </>
  );
}

function LastConnection({ view }: { view: DeviceView }) {
  const text = useClock((now) => lastConnectionText(view, now));
  const { active, since, lastSeen } = view.connection;
  const at = active ? since : lastSeen;
  return <span title={at === null ? undefined : formatExact(at)}>{text}</span>;
}

/** Without the port, which says nothing of the device. */
function addressOf({ address }: DeviceConnection): string {
  return address === null ? '–' : address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

function Now({ connection, isNarrow }: { connection: DeviceConnection; isNarrow: boolean }) {
  const { active, rate, history } = connection;
  if (!active) return '–';
  const hasHistory = [...history.received, ...history.sent].some((bytes) => bytes > 0);
  return (
    <span className={styles.now}>
      {hasHistory && !isNarrow && <Sparkline history={fromDevice(history)} toText="to the device" />}
      {rate.received + rate.sent > 0 ? <DeviceRates rate={rate} /> : <span className={styles.idle}>idle</span>}
    </span>
  );
}
