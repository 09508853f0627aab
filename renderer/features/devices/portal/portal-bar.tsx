/** The slim bar above the page of a portal: where it is, how it gets there, and what moves it. */
import AddIcon from '@mui/icons-material/Add';
import BackIcon from '@mui/icons-material/ArrowBack';
import ForwardIcon from '@mui/icons-material/ArrowForward';
import LockIcon from '@mui/icons-material/Lock';
import OpenLockIcon from '@mui/icons-material/LockOpen';
import WindowIcon from '@mui/icons-material/OpenInNew';
import ReloadIcon from '@mui/icons-material/Refresh';
import SmallerIcon from '@mui/icons-material/Remove';
import IconButton from '@mui/material/IconButton';
import useMediaQuery from '@mui/material/useMediaQuery';
import type { ComponentType, KeyboardEvent } from 'react';
import type { DeviceView } from '../../../../shared/device.ts';
import { portalHost } from '../../../../shared/portal.ts';
import { targetLabel } from '../../../../shared/proxy.ts';
import { shownState } from '../../../../shared/shown-state.ts';
import type { ProxyView } from '../../../../shared/status.ts';
import { useClock } from '../../../api/clock.ts';
import { useGateway } from '../../../api/use-gateway.ts';
import { PipeLine } from '../../../components/pipe-line.tsx';
import styles from './portal.module.css';
import { nextSize, zoomChoices } from './zoom.ts';

interface PortalBarProps {
  device: DeviceView;
  portal: ProxyView;
  /** What is shown, where it is known. */
  path: string | undefined;
  reloadText: string;
  /** What can be done now; the others are greyed. */
  onBack: (() => void) | undefined;
  onForward: (() => void) | undefined;
  onReload: (() => void) | undefined;
  onWindow: (() => void) | undefined;
}

export function PortalBar({ device, portal, path, reloadText, ...actions }: PortalBarProps) {
  return (
    <div className={styles.bar} role="toolbar" aria-label="Page of the device" onKeyDown={moveAlong}>
      <Action text="Back" Icon={BackIcon} onClick={actions.onBack} />
      <Action text="Forward" Icon={ForwardIcon} onClick={actions.onForward} />
      <Action text={reloadText} Icon={ReloadIcon} onClick={actions.onReload} />
      <div className={styles.place}>
        <Address portal={portal} path={path} />
        <Way device={device} portal={portal} />
      </div>
      <Zoom proxy={portal.proxy} />
      <Action text="Open in its own window" Icon={WindowIcon} onClick={actions.onWindow} />
    </div>
  );
}

interface ActionProps {
  text: string;
  Icon: ComponentType;
  onClick: (() => void) | undefined;
}

function Action({ text, Icon, onClick }: ActionProps) {
  return (
    <IconButton aria-label={text} title={text} disabled={onClick === undefined} onClick={onClick}>
      <Icon />
    </IconButton>
  );
}

/** Arrow keys go from button to button, as in every toolbar. */
function moveAlong(event: KeyboardEvent<HTMLElement>): void {
  const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (way === 0) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled)')];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  buttons[(at + way + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}

function Address({ portal, path }: { portal: ProxyView; path: string | undefined }) {
  const host = useGateway(({ proxies }) => {
    const portals = [...proxies.values()].filter(({ config }) => config.protocol === 'http_iotmp');
    return portalHost(
      portal.proxy,
      portals.map(({ proxy }) => proxy),
    );
  });
  const start = portal.config.portal?.path ?? '/';
  return (
    <span className={styles.address}>
      <span className="mono">
        <span className={styles.host}>{host}</span>
        {path}
      </span>
      {path === undefined && start !== '/' && (
        <span className={styles.start}>
          starts at <span className="mono">{start}</span>
        </span>
      )}
    </span>
  );
}

/** `raspi ▸ localhost:80, TLS to raspi`: the leg that has TLS is named, because the page's own address has none. */
function Way({ device, portal }: { device: DeviceView; portal: ProxyView }) {
  const state = useClock((now) => shownState(portal, now));
  const isNarrow = useMediaQuery('(max-width: 1100px)');
  const { active, transport } = device.connection;
  const isSecret = transport === 'tls';
  return (
    <span className={styles.way}>
      {!isNarrow && <PipeLine state={state} protocol="http_iotmp" brokenAt={portal.status.error?.hop} />}
      <span className={styles.target}>
        <bdi>{device.device}</bdi> ▸ {targetLabel(portal.config.target)}
      </span>
      {active && (
        <span className={isSecret ? styles.secret : styles.plain}>
          {isSecret ? <LockIcon /> : <OpenLockIcon />}
          {isSecret ? 'TLS to ' : 'no TLS to '}
          <bdi>{device.device}</bdi>
        </span>
      )}
    </span>
  );
}

function Zoom({ proxy }: { proxy: string }) {
  const percent = zoomChoices.use()[proxy] ?? 100;
  const change = (size: number | undefined) => size !== undefined && (() => zoomChoices.set({ [proxy]: size }));
  return (
    <span className={styles.zoom}>
      <Action text="Smaller" Icon={SmallerIcon} onClick={change(nextSize(percent, -1)) || undefined} />
      <button
        type="button"
        className={styles.percent}
        aria-label={`${percent} %, back to 100 %`}
        onClick={() => zoomChoices.set({ [proxy]: 100 })}
      >
        {percent} %
      </button>
      <Action text="Larger" Icon={AddIcon} onClick={change(nextSize(percent, 1)) || undefined} />
    </span>
  );
}
