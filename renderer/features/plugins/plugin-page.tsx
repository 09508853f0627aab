/** The page of one plugin: what and how it is, what starts and stops it, and its tabs. */
import StartIcon from '@mui/icons-material/PlayArrowOutlined';
import RestartIcon from '@mui/icons-material/RestartAlt';
import StopIcon from '@mui/icons-material/Stop';
import Button from '@mui/material/Button';
import useMediaQuery from '@mui/material/useMediaQuery';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { type PluginKey, pluginLabel } from '../../../shared/name.ts';
import type { PluginView } from '../../../shared/plugin.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { PluginState } from '../../components/plugin-state.tsx';
import styles from '../../components/profile.module.css';
import { isProgram, isWanted, useRestartPlugin, useRunPlugins } from './plugin-calls.ts';
import { placeText, proxiesTo } from './plugin-list.ts';
import { PluginProxies } from './plugin-proxies.tsx';
import { PluginSettings } from './plugin-settings.tsx';
import { PluginStatus } from './plugin-status.tsx';
import { UnknownPlugin } from './unknown-plugin.tsx';

export type PluginTab = 'status' | 'proxies' | 'settings';

interface PluginPageProps extends PluginKey {
  tab: PluginTab;
}

export function PluginPage({ user, plugin, tab }: PluginPageProps) {
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  const view = useGateway(({ plugins }) => plugins.get(pluginLabel({ user, plugin })));
  if (!isKnown) return <p className={styles.waiting}>Waiting for the engine…</p>;
  if (!view) return <UnknownPlugin user={user} plugin={plugin} />;
  return (
    <>
      <Head view={view} />
      <Tabs view={view} tab={tab} />
      {tab === 'status' && <PluginStatus view={view} />}
      {tab === 'proxies' && <PluginProxies view={view} />}
      {tab === 'settings' && <PluginSettings view={view} />}
    </>
  );
}

function Head({ view }: { view: PluginView }) {
  const isNarrow = useMediaQuery('(max-width: 900px)');
  return (
    <div className={`page-head ${styles.head}`}>
      <nav aria-label="Breadcrumb" className={styles.crumbs}>
        <Link href="/plugins">Plugins</Link>
        <span aria-hidden>›</span>
      </nav>
      <PluginState view={view} />
      <h1>
        <bdi title={view.name}>{view.name}</bdi>
      </h1>
      {!isNarrow && (
        <bdi className={styles.description} title={view.description}>
          {view.description}
        </bdi>
      )}
      <span className="space" />
      <span className={styles.facts}>
        <span className="mono">{placeText(view)}</span>
      </span>
      {isProgram(view) && <RunButtons view={view} />}
    </div>
  );
}

function RunButtons({ view }: { view: PluginView }) {
  const run = useRunPlugins();
  const restart = useRestartPlugin();
  const isBusy = run.isPending || restart.isPending;
  const isDown = view.status.state === 'crashed';
  return (
    <>
      {(!isWanted(view) || isDown) && (
        <Button
          variant="contained"
          color="primary"
          startIcon={<StartIcon />}
          disabled={isBusy}
          onClick={() => run.mutate({ views: [view], run: true })}
        >
          {isDown ? 'Start now' : 'Start'}
        </Button>
      )}
      {isWanted(view) && !isDown && (
        <Button startIcon={<RestartIcon />} disabled={isBusy} onClick={() => restart.mutate(view)}>
          Restart
        </Button>
      )}
      {isWanted(view) && (
        <Button startIcon={<StopIcon />} disabled={isBusy} onClick={() => run.mutate({ views: [view], run: false })}>
          Stop
        </Button>
      )}
    </>
  );
}

function Tabs({ view, tab }: { view: PluginView; tab: PluginTab }) {
  const place = `/plugins/${view.user}/${view.plugin}`;
  const count = useGateway(({ proxies }) => proxiesTo(proxies.values(), view).length);
  return (
    <nav aria-label="Parts of this plugin" className={styles.tabs}>
      <Tab href={place} isChosen={tab === 'status'}>
        Status
      </Tab>
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

function Tab({ href, isChosen, children }: { href: string; isChosen: boolean; children: ReactNode }) {
  return (
    <Link href={href} aria-current={isChosen ? 'page' : undefined}>
      {children}
    </Link>
  );
}
