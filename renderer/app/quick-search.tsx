/** Ctrl K: finds proxies, devices, plugins, pages and commands by a few letters. */
import AddIcon from '@mui/icons-material/Add';
import DeviceIcon from '@mui/icons-material/DeveloperBoardOutlined';
import PluginIcon from '@mui/icons-material/ExtensionOutlined';
import ViewIcon from '@mui/icons-material/LightModeOutlined';
import StartIcon from '@mui/icons-material/PlayArrowOutlined';
import SearchIcon from '@mui/icons-material/Search';
import ProxyIcon from '@mui/icons-material/SignpostOutlined';
import StopIcon from '@mui/icons-material/Stop';
import TouchIcon from '@mui/icons-material/TouchAppOutlined';
import PortalIcon from '@mui/icons-material/WebAssetOutlined';
import Dialog from '@mui/material/Dialog';
import { type ComponentType, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { deviceLabel } from '../../shared/device.ts';
import { pluginLabel } from '../../shared/name.ts';
import { portalName } from '../../shared/portal.ts';
import { deviceOf, targetLabel } from '../../shared/proxy.ts';
import { useGateway } from '../api/use-gateway.ts';
import { appearance, themeChoices, themeText } from '../components/appearance.ts';
import { navigate } from '../components/location.ts';
import { portalPlace } from '../components/portal-place.ts';
import { deviceState, deviceStateText } from '../components/shown-device-state.ts';
import { pluginStateLabel } from '../components/shown-plugin-state.ts';
import { pages } from './pages.ts';
import styles from './quick-search.module.css';
import { useStopAll } from './stop-all-button.tsx';

interface Entry {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly Icon: ComponentType;
  readonly run: () => void;
}

const MOST_SHOWN = 30;

export function QuickSearch({ onClose, onStopAll }: { onClose: () => void; onStopAll: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useEntries(onStopAll)
    .filter((entry) => matches(entry, text))
    .slice(0, MOST_SHOWN);
  const current = Math.min(chosen, found.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen(Math.min(current + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(current - 1, 0));
    else if (event.key === 'Enter') run(found[current]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      maxWidth={false}
      slotProps={{ paper: { 'aria-label': 'Search or command' } }}
      classes={{ container: styles.top ?? '' }}
    >
      <div className={styles.panel}>
        <div className={styles.field}>
          <SearchIcon />
          <input
            autoFocus
            role="combobox"
            aria-label="Search or command"
            aria-expanded
            aria-controls="quick-search-list"
            aria-activedescendant={found[current] ? `quick ${found[current].key}`.replaceAll(' ', '-') : undefined}
            placeholder="Proxy, device, plugin, port, target or command"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setChosen(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div className={styles.list} id="quick-search-list" role="listbox" aria-label="Found" ref={list}>
          {found.map((entry, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the field, which drives the list
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={entry.key}
              id={`quick ${entry.key}`.replaceAll(' ', '-')}
              role="option"
              aria-selected={index === current}
              className={styles.entry}
              onClick={() => run(entry)}
              onPointerMove={() => setChosen(index)}
            >
              <entry.Icon />
              <span className={styles.title}>{entry.title}</span>
              <span className={styles.detail}>{entry.detail}</span>
            </div>
          ))}
        </div>
        {found.length === 0 && <p className={styles.none}>Nothing is called “{text}”.</p>}
      </div>
    </Dialog>
  );
}

function useEntries(onStopAll: () => void): readonly Entry[] {
  const proxies = useGateway((snapshot) => snapshot.proxies);
  const devices = useGateway((snapshot) => snapshot.devices);
  const plugins = useGateway((snapshot) => snapshot.plugins);
  const isStopped = useGateway((snapshot) => snapshot.settings?.stopped ?? false);
  const { isTouch } = appearance.use();
  const stopAll = useStopAll();
  return [
    ...[...proxies.values()].map(({ proxy, name, config, tags = [] }) => ({
      key: `proxy ${proxy}`,
      title: name,
      detail: `${proxy}  ${config.source.port === undefined ? 'portal' : `:${config.source.port}`} → ${[targetLabel(config.target), ...tags].join('  ')}`,
      Icon: ProxyIcon,
      run: () => navigate(`/proxies/${proxy}/edit`),
    })),
    ...[...proxies.values()].flatMap((view) => {
      const place = portalPlace(view);
      if (place === undefined) return [];
      const detail = `Portal of ${deviceOf(view.config)?.device}`;
      return {
        key: `portal ${view.proxy}`,
        title: portalName(view),
        detail,
        Icon: PortalIcon,
        run: () => navigate(place),
      };
    }),
    ...[...devices.values()].map((view) => ({
      key: `device ${deviceLabel(view)}`,
      title: view.name,
      detail: `${deviceLabel(view)}  ${deviceStateText[deviceState(view)]}`,
      Icon: DeviceIcon,
      run: () => navigate(`/devices/${view.user}/${view.device}`),
    })),
    ...[...plugins.values()].map((view) => ({
      key: `plugin ${pluginLabel(view)}`,
      title: view.name,
      detail: `${pluginLabel(view)}  :${view.port}  ${pluginStateLabel(view)}`,
      Icon: PluginIcon,
      run: () => navigate(`/plugins/${view.user}/${view.plugin}`),
    })),
    { key: 'add', title: 'Add Proxy', detail: 'N', Icon: AddIcon, run: () => navigate('/proxies/add') },
    {
      key: 'use template',
      title: 'Add Proxy from a template',
      detail: 'Command',
      Icon: AddIcon,
      run: () => navigate('/proxies/add/template'),
    },
    { key: 'add device', title: 'Add Device', detail: 'Command', Icon: AddIcon, run: () => navigate('/devices/add') },
    { key: 'add plugin', title: 'Add Plugin', detail: 'Command', Icon: AddIcon, run: () => navigate('/plugins/add') },
    ...pages.map(({ path, title, Icon }) => ({
      key: path,
      title,
      detail: 'Page',
      Icon,
      run: () => navigate(path),
    })),
    isStopped
      ? {
          key: 'start',
          title: 'Start all',
          detail: 'Opens every enabled port',
          Icon: StartIcon,
          run: () => stopAll.mutate(false),
        }
      : { key: 'stop', title: 'Stop all', detail: 'Closes every port', Icon: StopIcon, run: onStopAll },
    ...themeChoices.map((theme) => ({
      key: `theme ${theme}`,
      title: `Theme: ${themeText[theme]}`,
      detail: 'View',
      Icon: ViewIcon,
      run: () => appearance.set({ theme }),
    })),
    {
      key: 'touch',
      title: `Touch mode ${isTouch ? 'off' : 'on'}`,
      detail: 'View',
      Icon: TouchIcon,
      run: () => appearance.set({ isTouch: !isTouch }),
    },
  ];
}

/** Every word that was typed occurs somewhere. */
function matches({ title, detail }: Entry, text: string): boolean {
  const whole = `${title} ${detail}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
