/** The ⋯ menu of a row. */
import AddIcon from '@mui/icons-material/Add';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import EditIcon from '@mui/icons-material/EditOutlined';
import MoreIcon from '@mui/icons-material/MoreVert';
import EnableIcon from '@mui/icons-material/PlayArrowOutlined';
import DisableIcon from '@mui/icons-material/Stop';
import Divider from '@mui/material/Divider';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import type { DeviceView } from '../../../shared/device.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { navigate } from '../../components/location.ts';
import { MayItem } from '../../components/may.tsx';
import styles from '../../components/row-menu.module.css';
import { useUpdateDevice } from './device-calls.ts';

export function DeviceMenu({ view, onRemove }: { view: DeviceView; onRemove: () => void }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const update = useUpdateDevice();
  const { user, device, name, enabled } = view;
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
          <MenuItem onClick={pick(() => navigate(`/devices/${user}/${device}/settings`))}>
            <EditIcon />
            <span className={styles.text}>Edit</span>
          </MenuItem>
          <MayItem may="devices.update" onClick={pick(() => update.mutate({ key: view, body: { enabled: !enabled } }))}>
            {enabled ? <DisableIcon /> : <EnableIcon />}
            <span className={styles.text}>{enabled ? 'Disable' : 'Enable'}</span>
            <KeyCap>E</KeyCap>
          </MayItem>
          <MayItem may="proxies.create" onClick={pick(() => navigate(`/proxies/add/via/${user}/${device}`))}>
            <AddIcon />
            <span className={styles.text}>Add Proxy</span>
          </MayItem>
          <Divider />
          <MayItem may="devices.remove" className={styles.remove} onClick={pick(onRemove)}>
            <RemoveIcon />
            <span className={styles.text}>Remove…</span>
            <KeyCap>Del</KeyCap>
          </MayItem>
        </Menu>
      )}
    </>
  );
}
