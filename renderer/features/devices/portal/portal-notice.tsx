/** Why a portal shows no page, or an old one: what happened, what will happen, and buttons that help. */
import WaitingIcon from '@mui/icons-material/HourglassEmptyOutlined';
import StopIcon from '@mui/icons-material/Stop';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Button from '@mui/material/Button';
import type { ReactNode } from 'react';
import type { DeviceView } from '../../../../shared/device.ts';
import { portalName } from '../../../../shared/portal.ts';
import type { ProxyView } from '../../../../shared/status.ts';
import { useClock } from '../../../api/clock.ts';
import { failureOf } from '../../../api/failure.ts';
import { useCall, useGateway } from '../../../api/use-gateway.ts';
import { formatShort, formatTime } from '../../../components/format.ts';
import { navigate } from '../../../components/location.ts';
import styles from './portal.module.css';
import type { PortalFace } from './portal-face.ts';

interface PortalNoticeProps {
  face: PortalFace;
  device: DeviceView;
  portal: ProxyView;
  loadedAt: number | undefined;
  /** Why no ticket could be had. */
  failure: unknown;
  onAgain: () => void;
}

export function PortalNotice({ face, device, portal, loadedAt, failure, onAgain }: PortalNoticeProps) {
  switch (face) {
    case 'page':
      return failure ? <NoTicket thrown={failure} onAgain={onAgain} /> : null;
    case 'away':
      return <Away device={device} portal={portal} />;
    case 'stale':
      return <Stale device={device} loadedAt={loadedAt} />;
    case 'closed':
      return <Closed portal={portal} />;
    case 'broken':
    case 'troubled':
      return <Trouble portal={portal} hasPage={face === 'troubled'} onAgain={onAgain} />;
  }
}

/** Stands in place of the page, or above it. */
interface NoticeProps {
  icon: ReactNode;
  /** Above the page, in the colours of what it tells. */
  above?: 'waiting' | 'degraded' | undefined;
  children: ReactNode;
}

function Notice({ icon, above, children }: NoticeProps) {
  const look = above === 'waiting' ? styles.aboveWaiting : styles.aboveDegraded;
  return (
    <div className={above ? `${styles.above} ${look}` : styles.instead} role="status">
      {icon}
      {children}
    </div>
  );
}

function Again({ onAgain }: { onAgain: () => void }) {
  return (
    <Button variant="contained" color="primary" onClick={onAgain}>
      Try again
    </Button>
  );
}

function NoTicket({ thrown, onAgain }: { thrown: unknown; onAgain: () => void }) {
  const { message, next, code } = failureOf(thrown);
  return (
    <Notice icon={<WarningIcon className={styles.warning ?? ''} />}>
      <p>
        {message} <span className={styles.next}>{next}</span>
      </p>
      <div className={styles.actions}>
        <Again onAgain={onAgain} />
      </div>
      {code && <code className={styles.code}>{code}</code>}
    </Notice>
  );
}

function useLastSeen({ connection, enabled }: DeviceView): string {
  const { lastSeen } = connection;
  return useClock((now) => {
    if (!enabled) return 'disabled, so it is turned away';
    return lastSeen === null ? 'never seen' : `last seen ${formatShort(lastSeen, now)}`;
  });
}

function Away({ device, portal }: { device: DeviceView; portal: ProxyView }) {
  const seen = useLastSeen(device);
  return (
    <Notice icon={<WaitingIcon className={styles.waiting ?? ''} />}>
      <p>
        <bdi>
          <b>{device.name}</b>
        </bdi>{' '}
        is not connected: {seen}.
      </p>
      <p className={styles.next}>
        Sluice waits for it. The page of {portalName(portal)} opens here by itself when it is back.
      </p>
      <div className={styles.actions}>
        <Button onClick={() => navigate(`/devices/${device.user}/${device.device}`)}>Show its status</Button>
      </div>
    </Notice>
  );
}

function Stale({ device, loadedAt }: { device: DeviceView; loadedAt: number | undefined }) {
  const seen = useLastSeen(device);
  const asOf = useClock((now) => (loadedAt === undefined ? '' : formatShort(loadedAt, now)));
  return (
    <Notice above="waiting" icon={<WaitingIcon className={styles.waiting ?? ''} />}>
      <p>
        <bdi>
          <b>{device.name}</b>
        </bdi>{' '}
        is not connected: {seen}.{' '}
        <span className={styles.next}>
          What you see was loaded at {asOf} and may be out of date. The page opens anew by itself when the device is
          back.
        </span>
      </p>
    </Notice>
  );
}

function Closed({ portal }: { portal: ProxyView }) {
  const isStopped = useGateway(({ settings }) => settings?.stopped ?? false);
  const enable = useCall((client, _: undefined) =>
    client.proxies.update({ params: { proxy: portal.proxy }, body: { enabled: true } }),
  );
  const why = isStopped && portal.enabled ? 'is closed by Stop all.' : 'is disabled.';
  return (
    <Notice icon={<StopIcon className={styles.off ?? ''} />}>
      <p>
        The portal{' '}
        <bdi>
          <b>{portalName(portal)}</b>
        </bdi>{' '}
        {why}
      </p>
      <p className={styles.next}>
        {portal.enabled ? 'Start all opens it again.' : 'Nobody can open it until it is enabled.'}
      </p>
      {!portal.enabled && (
        <div className={styles.actions}>
          <Button
            variant="contained"
            color="primary"
            loading={enable.isPending}
            onClick={() => enable.mutate(undefined)}
          >
            Enable
          </Button>
        </div>
      )}
    </Notice>
  );
}

function Trouble({ portal, hasPage, onAgain }: { portal: ProxyView; hasPage: boolean; onAgain: () => void }) {
  const { error, state } = portal.status;
  const retry = useCall((client, proxy: string) => client.proxies.retry({ proxy }));
  const again = () => (state === 'degraded' ? onAgain() : retry.mutate(portal.proxy));
  return (
    <Notice above={hasPage ? 'degraded' : undefined} icon={<WarningIcon className={styles.warning ?? ''} />}>
      <p>
        {error?.message} <span className={styles.next}>{error?.next}</span>
      </p>
      <div className={styles.actions}>
        <Again onAgain={again} />
        <Button onClick={() => navigate(`/proxies/${portal.proxy}/edit`)}>Edit target</Button>
      </div>
      {error && (
        <code className={styles.code}>
          {error.code} · {formatTime(error.at, true)}
        </code>
      )}
    </Notice>
  );
}
