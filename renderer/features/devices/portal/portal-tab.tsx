/** Tab of a portal: the bar, and the page of the device, or why there is none and what will happen. */
import Button from '@mui/material/Button';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { use, useRef, useState } from 'react';
import type { DeviceView } from '../../../../shared/device.ts';
import { portalName } from '../../../../shared/portal.ts';
import type { ProxyView } from '../../../../shared/status.ts';
import type { Client } from '../../../api/gateway.ts';
import { useCall, useClient, useGateway, useProxy } from '../../../api/use-gateway.ts';
import { navigate } from '../../../components/location.ts';
import { portalPlace } from '../../../components/portal-place.ts';
import styles from './portal.module.css';
import { PortalBar } from './portal-bar.tsx';
import { portalFace } from './portal-face.ts';
import { frameHost } from './portal-frame.tsx';
import { PortalNotice } from './portal-notice.tsx';
import { nothingShown, type PortalControls, PortalHostContext } from './portal-view.ts';
import { zoomChoices } from './zoom.ts';

export function PortalTab({ device, proxy }: { device: DeviceView; proxy: string }) {
  const portal = useProxy(proxy);
  const place = `/devices/${device.user}/${device.device}`;
  if (portal && portalPlace(portal) === `${place}/portal/${proxy}`) return <Portal device={device} portal={portal} />;
  return (
    <div className={styles.instead}>
      <p>
        <bdi>{device.name}</bdi> has no portal with the ID <bdi>{proxy}</bdi>. It may have been removed, or may lead
        through another device.
      </p>
      <div className={styles.actions}>
        <Button onClick={() => navigate(`${place}/proxies`)}>Show its proxies</Button>
      </div>
    </div>
  );
}

/** A fresh address that opens the portal once. */
async function ticketOf(client: Client, { user, device }: DeviceView, proxy: string): Promise<string> {
  const services = await client.devices.services({ user, device });
  const url = services.find(({ service }) => service === proxy)?.url;
  if (url === undefined) throw new Error(`There is no portal ${proxy}.`);
  return url;
}

let visits = 0;

function Portal({ device, portal }: { device: DeviceView; portal: ProxyView }) {
  const { proxy, modified, status } = portal;
  const client = useClient();
  const { View, reloadText, openWindow } = use(PortalHostContext) ?? frameHost;
  const [visit] = useState(() => {
    visits += 1;
    return visits;
  });
  const [attempt, setAttempt] = useState(0);
  const [shown, setShown] = useState(nothingShown);
  const controls = useRef<PortalControls>(null);
  const zoom = (zoomChoices.use()[proxy] ?? 100) / 100;
  const { active, since } = device.connection;
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const isReachable = isAnswering && active && (status.state === 'listening' || status.state === 'degraded');
  // An edit ends the sessions of a portal, and a device that comes back has lost its connections: both open it anew.
  const ticket = useQuery({
    queryKey: ['portal', visit, proxy, modified, since, attempt],
    queryFn: () => ticketOf(client, device, proxy),
    enabled: isReachable,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });
  const reopen = () => setAttempt(attempt + 1);
  const window = useCall(async (api, _: undefined) => openWindow(proxy, await ticketOf(api, device, proxy)));
  const openedAt = ticket.isPlaceholderData ? undefined : ticket.dataUpdatedAt || undefined;
  const face = portalFace(portal, { openedAt, loadedAt: shown.loadedAt });
  const hasPage = face === 'page' || face === 'stale' || face === 'troubled';
  const { canGoBack, canGoForward, path } = shown;
  return (
    <>
      <PortalBar
        device={device}
        portal={portal}
        path={path}
        reloadText={reloadText}
        onBack={face === 'page' && canGoBack ? () => controls.current?.back() : undefined}
        onForward={face === 'page' && canGoForward ? () => controls.current?.forward() : undefined}
        onReload={isReachable ? () => (ticket.data ? controls.current?.reload() : reopen()) : undefined}
        onWindow={isReachable ? () => window.mutate(undefined) : undefined}
      />
      <PortalNotice
        face={face}
        device={device}
        portal={portal}
        loadedAt={shown.loadedAt}
        failure={ticket.error}
        onAgain={reopen}
      />
      <div className={`${styles.area} ${face === 'stale' ? styles.stale : ''}`} hidden={!hasPage || ticket.isError}>
        {ticket.data !== undefined && (
          <View
            proxy={proxy}
            title={`${portalName(portal)} of ${device.name}`}
            url={ticket.data}
            zoom={zoom}
            isStale={face === 'stale'}
            onReopen={reopen}
            onState={setShown}
            controls={controls}
          />
        )}
        {shown.loadedAt === undefined && isReachable && (
          <p className={styles.loading} role="status">
            Opening the page of <bdi>{device.name}</bdi>…
          </p>
        )}
      </div>
    </>
  );
}
