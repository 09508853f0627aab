/** The ⋯ menu of a row. */
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import TextIcon from '@mui/icons-material/DescriptionOutlined';
import EditIcon from '@mui/icons-material/EditOutlined';
import MoreIcon from '@mui/icons-material/MoreVert';
import TestIcon from '@mui/icons-material/NetworkCheckOutlined';
import PortalIcon from '@mui/icons-material/OpenInNew';
import EnableIcon from '@mui/icons-material/PlayArrowOutlined';
import RetryIcon from '@mui/icons-material/Replay';
import WatchIcon from '@mui/icons-material/ShowChartOutlined';
import DisableIcon from '@mui/icons-material/Stop';
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
import { useRetryProxy, useUpdateProxy } from './proxy-calls.ts';
import { proxyText } from './proxy-text.ts';

interface RowMenuProps {
  view: ProxyView;
  onTest: () => void;
  onRemove: () => void;
}

export function RowMenu({ view, onTest, onRemove }: RowMenuProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const update = useUpdateProxy();
  const retry = useRetryProxy();
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
          <MayItem may="proxies.update" onClick={pick(() => update.mutate({ proxy, body: { enabled: !enabled } }))}>
            {enabled ? <DisableIcon /> : <EnableIcon />}
            <span className={styles.text}>{enabled ? 'Disable' : 'Enable'}</span>
            <KeyCap>E</KeyCap>
          </MayItem>
          <MenuItem onClick={pick(onTest)}>
            <TestIcon />
            <span className={styles.text}>Test</span>
          </MenuItem>
          <MenuItem onClick={pick(() => navigate(`/traffic/${proxy}`))}>
            <WatchIcon />
            <span className={styles.text}>Watch traffic</span>
          </MenuItem>
          {(status.state === 'fault' || status.state === 'retrying') && (
            <MenuItem onClick={pick(() => retry.mutate(proxy))}>
              <RetryIcon />
              <span className={styles.text}>Try again</span>
            </MenuItem>
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
