/** How this browser shows Sluice: theme and touch mode, from the top bar. */
import CheckIcon from '@mui/icons-material/Check';
import DarkIcon from '@mui/icons-material/DarkModeOutlined';
import SystemIcon from '@mui/icons-material/DesktopWindowsOutlined';
import MoreIcon from '@mui/icons-material/KeyboardArrowDown';
import LightIcon from '@mui/icons-material/LightModeOutlined';
import TouchIcon from '@mui/icons-material/TouchAppOutlined';
import SunlightIcon from '@mui/icons-material/WbSunnyOutlined';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import { appearance, themeChoices, themeText } from '../components/appearance.ts';
import styles from './view-menu.module.css';

const icons = { system: SystemIcon, light: LightIcon, dark: DarkIcon, sunlight: SunlightIcon };

export function ViewMenu() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { theme, isTouch } = appearance.use();
  const Chosen = icons[theme];
  return (
    <>
      <Button
        className={styles.button}
        startIcon={<Chosen />}
        endIcon={<MoreIcon />}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        View
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {themeChoices.map((choice) => {
          const Icon = icons[choice];
          return (
            <MenuItem
              key={choice}
              role="menuitemradio"
              aria-checked={choice === theme}
              onClick={() => appearance.set({ theme: choice })}
            >
              <Icon />
              <span className={styles.text}>{themeText[choice]}</span>
              {choice === theme && <CheckIcon />}
            </MenuItem>
          );
        })}
        <Divider />
        <MenuItem role="menuitemcheckbox" aria-checked={isTouch} onClick={() => appearance.set({ isTouch: !isTouch })}>
          <TouchIcon />
          <span className={styles.text}>Touch mode</span>
          {isTouch && <CheckIcon />}
        </MenuItem>
      </Menu>
    </>
  );
}
