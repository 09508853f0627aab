/** Tab "Status": five figures, the live graph, and for a device that never came how to connect it. */
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import type { ReactNode } from 'react';
import type { DeviceView } from '../../../shared/device.ts';
import { useClock } from '../../api/clock.ts';
import { DeviceState } from '../../components/device-state.tsx';
import { counted, formatActivity, formatBytes, formatExact } from '../../components/format.ts';
import styles from '../../components/profile.module.css';
import { ConnectPanel } from './connect-panel.tsx';
import { LiveTransmission } from './live-transmission.tsx';

export function DeviceStatus({ view }: { view: DeviceView }) {
  const { active, bytes, address, proxying, streams, lastSeen, since } = view.connection;
  const at = active ? since : lastSeen;
  const seen = useClock((now) => formatActivity(at, now));
  const [, host = '–', port] = /^\[?(.*?)\]?:(\d+)$/.exec(address ?? '') ?? [];
  return (
    <div className={styles.body}>
      {active && proxying === 'no' && (
        <p className={styles.notice}>
          <WarningIcon />
          It is connected but does not offer proxy streams. Its client may be too old, or made without the proxy
          extension.
        </p>
      )}
      <dl className={styles.tiles}>
        <Tile title="Transmitted Data" value={formatBytes(bytes.sent)} remark="to the device, since Sluice started" />
        <Tile title="Received Data" value={formatBytes(bytes.received)} remark="from the device" />
        <Tile title="IP Address" value={host} isMono remark={port ? `port ${port}` : 'not known yet'} />
        <Tile
          title="Device State"
          remark={active ? `${counted(streams, 'stream')} open` : view.enabled ? 'not connected' : 'turned away'}
        >
          <span className={styles.state}>
            <DeviceState view={view} hasWord />
          </span>
        </Tile>
        <Tile
          title="Last connection"
          value={at === null ? 'never' : seen}
          remark={at === null ? '–' : formatExact(at)}
        />
      </dl>
      {lastSeen === null && !active ? (
        <section className={styles.section}>
          <h2>How to connect it</h2>
          <div className={styles.connect}>
            <ConnectPanel login={{ user: view.user, device: view.device }} />
          </div>
        </section>
      ) : (
        <LiveTransmission view={view} />
      )}
    </div>
  );
}

interface TileProps {
  title: string;
  value?: string;
  remark: string;
  isMono?: boolean;
  children?: ReactNode;
}

function Tile({ title, value, remark, isMono, children }: TileProps) {
  return (
    <div className={styles.tile}>
      <dt>{title}</dt>
      <dd>
        {children ?? (
          <span className={`${styles.value} ${isMono ? 'mono' : ''}`} title={value}>
            {value}
          </span>
        )}
        <span className={styles.remark}>{remark}</span>
      </dd>
    </div>
  );
}
