/** The ⋯ menu of a row. */
import AddIcon from '@mui/icons-material/Add';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import EditIcon from '@mui/icons-material/EditOutlined';
import MoreIcon from '@mui/icons-material/MoreVert';
import StartIcon from '@mui/icons-material/PlayArrowOutlined';
import RestartIcon from '@mui/icons-material/RestartAlt';
import StopIcon from '@mui/icons-material/Stop';
import Divider from '@mui/material/Divider';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import type { PluginView } from '../../../shared/plugin.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { navigate } from '../../components/location.ts';
import { MayItem } from '../../components/may.tsx';
import styles from '../../components/row-menu.module.css';
import { isProgram, isWanted, useRestartPlugin, useRunPlugins } from './plugin-calls.ts';

export function PluginMenu({ view, onRemove }: { view: PluginView; onRemove: () => void }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const run = useRunPlugins();
  const restart = useRestartPlugin();
  const { user, plugin, name } = view;
  const pick = (action: () => void) => () => {
    setAnchor(null);
    action();
  };
  const wanted = isWanted(view);
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
          <MenuItem onClick={pick(() => navigate(`/plugins/${user}/${plugin}/settings`))}>
            <EditIcon />
            <span className={styles.text}>Edit</span>
          </MenuItem>
          {isProgram(view) && (
            <MayItem may="plugins.start" onClick={pick(() => run.mutate({ views: [view], run: !wanted }))}>
              {wanted ? <StopIcon /> : <StartIcon />}
              <span className={styles.text}>{wanted ? 'Stop' : 'Start'}</span>
              <KeyCap>E</KeyCap>
            </MayItem>
          )}
          {isProgram(view) && wanted && (
            <MayItem may="plugins.start" onClick={pick(() => restart.mutate(view))}>
              <RestartIcon />
              <span className={styles.text}>Restart</span>
            </MayItem>
          )}
          <MayItem may="proxies.create" onClick={pick(() => navigate(`/proxies/add/to/${user}/${plugin}`))}>
            <AddIcon />
            <span className={styles.text}>Add Proxy</span>
          </MayItem>
          <Divider />
          <MayItem may="plugins.remove" className={styles.remove} onClick={pick(onRemove)}>
            <RemoveIcon />
            <span className={styles.text}>Remove…</span>
            <KeyCap>Del</KeyCap>
          </MayItem>
        </Menu>
      )}
    </>
  );
}
