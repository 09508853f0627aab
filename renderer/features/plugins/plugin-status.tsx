/** Tab "Status": how it is and since when, why it is not as it should be, and what its program wrote last. */
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import type { ReactNode } from 'react';
import type { PluginView } from '../../../shared/plugin.ts';
import { useClock } from '../../api/clock.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { counted, formatExact, formatShort } from '../../components/format.ts';
import { PluginState } from '../../components/plugin-state.tsx';
import styles from '../../components/profile.module.css';
import { Sentence } from '../../components/sentence.tsx';
import { pluginKindText, pluginStateDetail } from '../../components/shown-plugin-state.ts';
import { isProgram } from './plugin-calls.ts';
import { placeText, proxiesTo } from './plugin-list.ts';
import { PluginLog } from './plugin-log.tsx';
import pageStyles from './plugin-page.module.css';

export function PluginStatus({ view }: { view: PluginView }) {
  const { status, kind, process, container, address, port, transport } = view;
  const { error, pid, restarts } = status;
  const detail = useClock((now) => pluginStateDetail(view, now));
  const since = useClock((now) => formatShort(status.since, now));
  const users = useGateway(({ proxies }) => proxiesTo(proxies.values(), view).length);
  return (
    <div className={isProgram(view) ? pageStyles.column : styles.body}>
      {error && (
        <p className={styles.notice}>
          <WarningIcon />
          <span>
            <Sentence text={error.message} strong={view.name} /> <span className={pageStyles.next}>{error.next}</span>
          </span>
        </p>
      )}
      {!error && kind === 'manual' && status.state === 'stopped' && (
        <p className={styles.notice}>
          <WarningIcon />
          <span>
            Nothing listens on {placeText(view)}.{' '}
            <span className={pageStyles.next}>Sluice does not run it: start it where it is run.</span>
          </span>
        </p>
      )}
      <dl className={styles.tiles}>
        <Tile title="State" remark={detail || `since ${since}`} exact={formatExact(status.since)}>
          <span className={pageStyles.state}>
            <PluginState view={view} hasWord />
          </span>
        </Tile>
        <Tile title="Address" value={address} isMono remark={`${transport.toUpperCase()} port ${port}`} />
        <Tile title="Run" value={pluginKindText[kind]} remark={runRemark(view)} />
        {process && (
          <Tile
            title="Process"
            value={pid === null ? 'none' : String(pid)}
            remark={restarts === 0 ? 'not started again so far' : `started again ${counted(restarts, 'time')}`}
          />
        )}
        {container && <Tile title="Container" value={container.name} isMono remark="its name in Docker" />}
        {kind === 'manual' && <Tile title="Plugin ID" value={view.plugin} isMono remark={`of ${view.user}`} />}
        <Tile title="Proxies" value={String(users)} remark={users === 1 ? 'leads to it' : 'lead to it'} />
      </dl>
      {isProgram(view) && <PluginLog user={view.user} plugin={view.plugin} />}
    </div>
  );
}

function runRemark({ kind, process }: PluginView): string {
  if (kind === 'manual') return 'somebody else runs it';
  if (kind === 'docker') return 'Docker runs it';
  return process?.restart ? 'Sluice starts it again' : 'Sluice runs it once';
}

interface TileProps {
  title: string;
  value?: string;
  remark: string;
  /** The remark, exactly. */
  exact?: string;
  isMono?: boolean;
  children?: ReactNode;
}

function Tile({ title, value, remark, exact, isMono, children }: TileProps) {
  return (
    <div className={styles.tile}>
      <dt>{title}</dt>
      <dd>
        {children ?? (
          <span className={`${styles.value} ${isMono ? 'mono' : ''}`} title={value}>
            {value}
          </span>
        )}
        <span className={styles.remark} title={exact}>
          {remark}
        </span>
      </dd>
    </div>
  );
}
