/** One cell of the table, by column. */
import PluginIcon from '@mui/icons-material/ExtensionOutlined';
import CardIcon from '@mui/icons-material/SettingsEthernetOutlined';
import { Link } from 'wouter';
import { isLoopback, isWildcard } from '../../../shared/address.ts';
import { targetLabel } from '../../../shared/proxy.ts';
import { protocolText } from '../../../shared/sentence.ts';
import { shownState, stateDetail, stateLabel, toldFault } from '../../../shared/shown-state.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { useClock } from '../../api/clock.ts';
import { formatActivity, formatBytes, formatExact, formatShort } from '../../components/format.ts';
import { openingLine } from '../../components/lease-text.ts';
import { OpeningLine } from '../../components/opening-line.tsx';
import { PipeLine } from '../../components/pipe-line.tsx';
import { Rates } from '../../components/rates.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { StateChip } from '../../components/state-chip.tsx';
import type { ColumnId } from './columns.ts';
import { LegSign } from './leg-sign.tsx';
import styles from './proxy-table.module.css';

interface ProxyCellProps {
  id: ColumnId;
  view: ProxyView;
  isNarrow: boolean;
  isOpen: boolean;
  onOpen: () => void;
}

export function ProxyCell({ id, view, isNarrow, isOpen, onOpen }: ProxyCellProps) {
  const { config, status } = view;
  switch (id) {
    case 'state':
      return (
        <td>
          <StateCell view={view} isOpen={isOpen} onOpen={onOpen} />
        </td>
      );
    case 'proxy':
      return (
        <td>
          <Link href={`/proxies/${view.proxy}/edit`} className={styles.name} title={view.name}>
            {view.name}
          </Link>
          <span className={`${styles.second} ${isNarrow ? 'mono' : ''}`}>{view.proxy}</span>
        </td>
      );
    case 'description':
      return (
        <td className={styles.description} title={view.description}>
          {view.description || '–'}
        </td>
      );
    case 'tags':
      return (
        <td>
          <TagList tags={view.tags ?? []} />
        </td>
      );
    case 'protocol':
      return (
        <td>
          <span className={styles.tag}>{protocolText[config.protocol]}</span>
        </td>
      );
    case 'source':
      return (
        <td>
          <SourceCell view={view} isNarrow={isNarrow} />
        </td>
      );
    case 'target':
      return (
        <td className={styles.address}>
          <TargetCell view={view} isNarrow={isNarrow} />
        </td>
      );
    case 'now':
      return (
        <td className={styles.right}>
          <NowCell view={view} isNarrow={isNarrow} />
        </td>
      );
    case 'conns':
      return <td className={`${styles.right} ${styles.conns}`}>{connections(view)}</td>;
    case 'activity':
      return (
        <td className={styles.right}>
          <Activity at={status.lastActivity} />
        </td>
      );
    case 'volume':
      return <td className={styles.right}>{formatBytes(status.bytes.received + status.bytes.sent)}</td>;
    case 'created':
    case 'modified':
      return (
        <td className={styles.right} title={formatExact(view[id])}>
          <Day at={view[id]} />
        </td>
      );
  }
}

/** A state with a reason opens and closes it. */
function StateCell({ view, isOpen, onOpen }: Pick<ProxyCellProps, 'view' | 'isOpen' | 'onOpen'>) {
  const state = useClock((now) => shownState(view, now));
  const label = useClock((now) => stateLabel(view, now));
  const detail = useClock((now) => stateDetail(view, now, (at) => formatShort(at, now)));
  const hasMore = useClock((now) => toldFault(view, now) !== null);
  const hasOpening = useClock((now) => state !== 'fault' && openingLine(view.status, now) !== '');
  const chip = <StateChip state={state} label={label} />;
  return (
    <>
      {hasMore ? (
        <button type="button" className={styles.reason} aria-expanded={isOpen} onClick={onOpen}>
          {chip}
        </button>
      ) : (
        chip
      )}
      {hasOpening ? <OpeningLine view={view} /> : detail && <span className={styles.second}>{detail}</span>}
    </>
  );
}

function TagList({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return '–';
  return (
    <span className={styles.tags}>
      {tags.map((tag) => (
        <span key={tag} className={styles.tag}>
          {tag}
        </span>
      ))}
    </span>
  );
}

function SourceCell({ view, isNarrow }: { view: ProxyView; isNarrow: boolean }) {
  const { protocol, source } = view.config;
  const state = useClock((now) => shownState(view, now));
  const place = isWildcard(source.address) ? 'on all addresses' : `on ${source.address}`;
  return (
    <div className={styles.source}>
      <span>
        <span className={source.port === undefined ? styles.through : styles.port}>
          {source.port === undefined ? 'portal' : `:${source.port}`}
          {source.port !== undefined && !isLoopback(source.address) && !isWildcard(source.address) && (
            <CardIcon titleAccess={place} />
          )}
          <LegSign config={view.config} leg="source" />
        </span>
        {isNarrow && <span className={styles.second}>{protocolText[protocol]}</span>}
      </span>
      <PipeLine state={state} protocol={protocol} />
    </div>
  );
}

function TargetCell({ view, isNarrow }: { view: ProxyView; isNarrow: boolean }) {
  const { target } = view.config;
  const lock = <LegSign config={view.config} leg="target" />;
  if (target.type === 'plugin') {
    return (
      <>
        <PluginIcon className={styles.plugin ?? ''} titleAccess="Plugin" />{' '}
        <bdi className={styles.device}>{target.plugin}</bdi>
        <span className={styles.through}>:{target.port}</span> {lock}
      </>
    );
  }
  const place = targetLabel(target);
  const { device } = target;
  if (device === undefined) {
    return (
      <>
        {place} {lock}
      </>
    );
  }
  if (isNarrow) {
    return (
      <>
        {place} {lock}
        <span className={styles.second}>
          through <bdi>{device}</bdi>
        </span>
      </>
    );
  }
  return (
    <>
      <bdi className={styles.device}>{device}</bdi> <span className={styles.through}>▸</span>{' '}
      <span className={styles.whole}>{place}</span> {lock}
    </>
  );
}

function NowCell({ view, isNarrow }: { view: ProxyView; isNarrow: boolean }) {
  const { state, rate, history } = view.status;
  if (state !== 'listening' && state !== 'degraded' && state !== 'waiting') return '–';
  const isMoving = rate.received + rate.sent > 0;
  const hasHistory = [...history.received, ...history.sent].some((bytes) => bytes > 0);
  return (
    <span className={styles.now}>
      {hasHistory && !isNarrow && <Sparkline history={history} />}
      {isMoving ? <Rates rate={rate} /> : <span className={styles.idle}>idle</span>}
    </span>
  );
}

function connections({ status, config }: ProxyView): string {
  if (status.source === null && (config.source.port !== undefined || status.state === 'disabled')) return '–';
  const { maxPipes } = config.limits;
  return maxPipes === 0 ? String(status.pipes.open) : `${status.pipes.open} / ${maxPipes}`;
}

function Activity({ at }: { at: number | null }) {
  const text = useClock((now) => formatActivity(at, now));
  return <span title={at === null ? undefined : formatExact(at)}>{text}</span>;
}

function Day({ at }: { at: number }) {
  return useClock((now) => formatShort(at, now));
}
