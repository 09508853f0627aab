/** The profile of one device: who and how it is, and its tabs. */
import PortalIcon from '@mui/icons-material/WebAssetOutlined';
import useMediaQuery from '@mui/material/useMediaQuery';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { type DeviceKey, type DeviceView, deviceLabel } from '../../../shared/device.ts';
import { portalName } from '../../../shared/portal.ts';
import { useClock } from '../../api/clock.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { DeviceState } from '../../components/device-state.tsx';
import { formatShort } from '../../components/format.ts';
import styles from '../../components/profile.module.css';
import { isSameList } from '../../components/selection.ts';
import { doorText } from './connect-data.ts';
import { portalsOf, proxiesThrough } from './device-list.ts';
import { DeviceProxies } from './device-proxies.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { DeviceStatus } from './device-status.tsx';
import { PortalTab } from './portal/portal-tab.tsx';
import { UnknownDevice } from './unknown-device.tsx';

export type DeviceTab = 'status' | 'proxies' | 'settings';

interface DevicePageProps extends DeviceKey {
  tab: DeviceTab | 'portal';
  /** The ID of the proxy whose page is shown in the tab `portal`. */
  portal?: string;
}

export function DevicePage({ user, device, tab, portal }: DevicePageProps) {
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  const view = useGateway(({ devices }) => devices.get(deviceLabel({ user, device })));
  if (!isKnown) return <p className={styles.waiting}>Waiting for the engine…</p>;
  if (!view) return <UnknownDevice user={user} device={device} />;
  return (
    <>
      <Head view={view} />
      <Tabs view={view} tab={tab} portal={portal} />
      {tab === 'status' && <DeviceStatus view={view} />}
      {portal !== undefined && <PortalTab key={portal} device={view} proxy={portal} />}
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

interface TabsProps extends Pick<DevicePageProps, 'tab' | 'portal'> {
  view: DeviceView;
}

function Tabs({ view, tab, portal }: TabsProps) {
  const place = `/devices/${view.user}/${view.device}`;
  const count = useGateway(({ proxies }) => proxiesThrough(proxies.values(), view).length);
  return (
    <nav aria-label="Parts of this device" className={styles.tabs}>
      <Tab href={place} isChosen={tab === 'status'}>
        Status
      </Tab>
      <PortalTabs view={view} portal={portal} />
      <Tab href={`${place}/proxies`} isChosen={tab === 'proxies'}>
        Proxies
        {count > 0 && <span className={styles.count}>{count}</span>}
      </Tab>
      <Tab href={`${place}/settings`} isChosen={tab === 'settings'}>
        Settings
      </Tab>
    </nav>
  );
}

/** One for each portal that wants one, and for the one that is shown. */
function PortalTabs({ view, portal }: Omit<TabsProps, 'tab'>) {
  const ids = useGateway(({ proxies }) => {
    const shown = portalsOf(proxies.values(), view).filter(
      ({ proxy, config }) => config.portal?.tab || proxy === portal,
    );
    return shown.map(({ proxy }) => proxy);
  }, isSameList);
  return ids.map((proxy) => <PortalTabLink key={proxy} view={view} proxy={proxy} isChosen={proxy === portal} />);
}

function PortalTabLink({ view, proxy, isChosen }: { view: DeviceView; proxy: string; isChosen: boolean }) {
  const name = useGateway(({ proxies }) => {
    const profile = proxies.get(proxy);
    return profile ? portalName(profile) : '';
  });
  return (
    <Tab href={`/devices/${view.user}/${view.device}/portal/${proxy}`} isChosen={isChosen}>
      <PortalIcon className={styles.tabIcon ?? ''} />
      <bdi className={styles.portal} title={name}>
        {name}
      </bdi>
    </Tab>
  );
}

function Tab({ href, isChosen, children }: { href: string; isChosen: boolean; children: ReactNode }) {
  return (
    <Link href={href} aria-current={isChosen ? 'page' : undefined}>
      {children}
    </Link>
  );
}
