/** The ⋯ menu of a row. */
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import TextIcon from '@mui/icons-material/DescriptionOutlined';
import EditIcon from '@mui/icons-material/EditOutlined';
import ExportIcon from '@mui/icons-material/FileDownloadOutlined';
import MoreIcon from '@mui/icons-material/MoreVert';
import TestIcon from '@mui/icons-material/NetworkCheckOutlined';
import TemplateIcon from '@mui/icons-material/NoteAddOutlined';
import PortalIcon from '@mui/icons-material/OpenInNew';
import EnableIcon from '@mui/icons-material/PlayArrowOutlined';
import RetryIcon from '@mui/icons-material/Replay';
import WatchIcon from '@mui/icons-material/ShowChartOutlined';
import DisableIcon from '@mui/icons-material/Stop';
import TimerIcon from '@mui/icons-material/TimerOutlined';
import Divider from '@mui/material/Divider';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import type { ProxyView } from '../../../shared/status.ts';
import { copyText } from '../../components/copy-text.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { navigate } from '../../components/location.ts';
import { MayItem } from '../../components/may.tsx';
import { portalPlace } from '../../components/portal-place.ts';
import styles from '../../components/row-menu.module.css';
import { exportProxies } from './export-proxies.ts';
import { useEndLease, useOpenFor } from './lease-calls.ts';
import { useRetryProxy, useSwitchProxy } from './proxy-calls.ts';
import { proxyText } from './proxy-text.ts';

interface RowMenuProps {
  view: ProxyView;
  onTest: () => void;
  onRemove: () => void;
  onOpenFor: () => void;
  onSaveTemplate: () => void;
}

export function RowMenu({ view, onTest, onRemove, onOpenFor, onSaveTemplate }: RowMenuProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const turn = useSwitchProxy();
  const retry = useRetryProxy();
  const openFor = useOpenFor();
  const endLease = useEndLease();
  const { proxy, name, enabled, status } = view;
  const portal = portalPlace(view);
  const pick = (action: () => void) => () => {
    setAnchor(null);
    action();
  };
  return (
    <>
      <IconButton
        aria-label={`Actions for ${name}`}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon />
      </IconButton>
      {anchor && (
        <Menu anchorEl={anchor} open onClose={() => setAnchor(null)}>
          {portal !== undefined && (
            <MenuItem onClick={pick(() => navigate(portal))}>
              <PortalIcon />
              <span className={styles.text}>Open portal</span>
            </MenuItem>
          )}
          <MayItem may="proxies.update" onClick={pick(() => navigate(`/proxies/${proxy}/edit`))}>
            <EditIcon />
            <span className={styles.text}>Edit</span>
          </MayItem>
          <MayItem
            may={status.lease ? 'proxies.endLease' : 'proxies.switch'}
            onClick={pick(() =>
              status.lease ? endLease.mutate({ proxy, stays: false }) : turn.mutate({ proxy, enabled: !enabled }),
            )}
          >
            {enabled ? <DisableIcon /> : <EnableIcon />}
            <span className={styles.text}>{enabled ? (status.lease ? 'Close now' : 'Disable') : 'Enable'}</span>
            <KeyCap>E</KeyCap>
          </MayItem>
          {status.lease ? (
            [
              <MayItem
                may="proxies.openFor"
                key="longer"
                onClick={pick(() => openFor.mutate({ proxy, wish: { minutes: 30, extend: true } }))}
              >
                <TimerIcon />
                <span className={styles.text}>Open 30 min longer</span>
              </MayItem>,
              <MayItem may="proxies.keepOpen" key="keep" onClick={pick(() => endLease.mutate({ proxy, stays: true }))}>
                <EnableIcon />
                <span className={styles.text}>Keep open</span>
              </MayItem>,
            ]
          ) : (
            <MayItem may="proxies.openFor" onClick={pick(onOpenFor)}>
              <TimerIcon />
              <span className={styles.text}>Open for…</span>
            </MayItem>
          )}
          <MayItem may="proxies.test" onClick={pick(onTest)}>
            <TestIcon />
            <span className={styles.text}>Test</span>
          </MayItem>
          <MenuItem onClick={pick(() => navigate(`/traffic/${proxy}`))}>
            <WatchIcon />
            <span className={styles.text}>Watch traffic</span>
          </MenuItem>
          {(status.state === 'fault' || status.state === 'retrying') && (
            <MayItem may="proxies.retry" onClick={pick(() => retry.mutate(proxy))}>
              <RetryIcon />
              <span className={styles.text}>Try again</span>
            </MayItem>
          )}
          <Divider />
          <MayItem may="proxies.create" onClick={pick(() => navigate(`/proxies/${proxy}/copy`))}>
            <CopyIcon />
            <span className={styles.text}>Duplicate</span>
          </MayItem>
          <MenuItem onClick={pick(() => copyText(proxyText(view, Date.now())).catch(reportError))}>
            <TextIcon />
            <span className={styles.text}>Copy as text</span>
          </MenuItem>
          <MenuItem onClick={pick(() => exportProxies([view]))}>
            <ExportIcon />
            <span className={styles.text}>Export</span>
          </MenuItem>
          <MayItem may="templates.create" onClick={pick(onSaveTemplate)}>
            <TemplateIcon />
            <span className={styles.text}>Save as template…</span>
          </MayItem>
          <Divider />
          <MayItem may="proxies.remove" className={styles.remove} onClick={pick(onRemove)}>
            <RemoveIcon />
            <span className={styles.text}>Remove…</span>
            <KeyCap>Del</KeyCap>
          </MayItem>
        </Menu>
      )}
    </>
  );
}
