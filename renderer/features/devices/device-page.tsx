/** The profile of one device: who and how it is, and its tabs. */
import useMediaQuery from '@mui/material/useMediaQuery';
import { Link } from 'wouter';
import { type DeviceKey, type DeviceView, deviceLabel } from '../../../shared/device.ts';
import { useClock } from '../../api/clock.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { DeviceState } from '../../components/device-state.tsx';
import { formatShort } from '../../components/format.ts';
import { doorText } from './connect-data.ts';
import { proxiesThrough } from './device-list.ts';
import styles from './device-page.module.css';
import { DeviceProxies } from './device-proxies.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { DeviceStatus } from './device-status.tsx';
import { UnknownDevice } from './unknown-device.tsx';

export type DeviceTab = 'status' | 'proxies' | 'settings';

export function DevicePage({ user, device, tab }: DeviceKey & { tab: DeviceTab }) {
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  const view = useGateway(({ devices }) => devices.get(deviceLabel({ user, device })));
  if (!isKnown) return <p className={styles.waiting}>Waiting for the engine…</p>;
  if (!view) return <UnknownDevice user={user} device={device} />;
  return (
    <>
      <Head view={view} />
      <Tabs view={view} tab={tab} />
      {tab === 'status' && <DeviceStatus view={view} />}
      {tab === 'proxies' && <DeviceProxies view={view} />}
      {tab === 'settings' && <DeviceSettings view={view} />}
    </>
  );
}

function Head({ view }: { view: DeviceView }) {
  const isNarrow = useMediaQuery('(max-width: 900px)');
  return (
    <div className={`page-head ${styles.head}`}>
      <nav aria-label="Breadcrumb" className={styles.crumbs}>
        <Link href="/devices">Devices</Link>
        <span aria-hidden>›</span>
      </nav>
      <DeviceState view={view} />
      <h1>
        <bdi title={view.name}>{view.name}</bdi>
      </h1>
      {!isNarrow && (
        <bdi className={styles.description} title={view.description}>
          {view.description}
        </bdi>
      )}
      <span className="space" />
      <Facts view={view} />
    </div>
  );
}

/** `online since 06:12 | 10.0.0.9, TLS` */
function Facts({ view }: { view: DeviceView }) {
  const { active, since, lastSeen, address, transport } = view.connection;
  const text = useClock((now) => {
    if (active) return since === null ? 'online' : `online since ${formatShort(since, now)}`;
    return lastSeen === null ? 'never seen' : `last seen ${formatShort(lastSeen, now)}`;
  });
  const where = [address?.replace(/:\d+$/, ''), transport && doorText[transport]].filter(Boolean).join(', ');
  return (
    <span className={styles.facts}>
      <span>{text}</span>
      {active && where && <span>{where}</span>}
    </span>
  );
}

const tabs: readonly { readonly tab: DeviceTab; readonly title: string; readonly end: string }[] = [
  { tab: 'status', title: 'Status', end: '' },
  { tab: 'proxies', title: 'Proxies', end: '/proxies' },
  { tab: 'settings', title: 'Settings', end: '/settings' },
];

function Tabs({ view, tab: chosen }: { view: DeviceView; tab: DeviceTab }) {
  const count = useGateway(({ proxies }) => proxiesThrough(proxies.values(), view).length);
  return (
    <nav aria-label="Parts of this device" className={styles.tabs}>
      {tabs.map(({ tab, title, end }) => (
        <Link
          key={tab}
          href={`/devices/${view.user}/${view.device}${end}`}
          aria-current={tab === chosen ? 'page' : undefined}
        >
          {title}
          {tab === 'proxies' && count > 0 && <span className={styles.count}>{count}</span>}
        </Link>
      ))}
    </nav>
  );
}
