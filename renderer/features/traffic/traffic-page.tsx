/** What goes through the pipes now: rates, connections, and a look into one of them. */
import ToSourceIcon from '@mui/icons-material/ArrowBack';
import ToTargetIcon from '@mui/icons-material/ArrowForward';
import RecordIcon from '@mui/icons-material/FiberManualRecord';
import PauseIcon from '@mui/icons-material/Pause';
import LiveIcon from '@mui/icons-material/PlayArrow';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Select from '@mui/material/Select';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useMemo, useRef, useState } from 'react';
import { type Span, spanMs } from '../../../shared/traffic.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { counted, formatBytes, formatRate, formatTime } from '../../components/format.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { LiveChart } from '../../components/live-chart.tsx';
import { navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import profile from '../../components/profile.module.css';
import { ProxyTabs } from '../../components/proxy-tabs.tsx';
import { Rates } from '../../components/rates.tsx';
import { SearchBox } from '../../components/search-box.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import { CaptureBar } from './capture-bar.tsx';
import { ConnectionList } from './connection-list.tsx';
import { EmptyTraffic } from './empty-traffic.tsx';
import { Inspector } from './inspector.tsx';
import { neighbour } from './pipe-list.ts';
import { ListHead } from './records/list-head.tsx';
import { useKeptRows } from './records/use-records.ts';
import { ScopeSelect } from './scope-select.tsx';
import { useArm, useKillPipes } from './traffic-calls.ts';
import styles from './traffic-page.module.css';
import { useFoundPipes } from './use-found-pipes.ts';
import { marksOf, samplesOf, useHistory } from './use-history.ts';
import { usePayload } from './use-payload.ts';
import { usePipes } from './use-pipes.ts';

const states = { all: 'Open and ended', open: 'Open', ended: 'Ended' } as const;
const spans: Readonly<Record<Span, string>> = { '1m': '1 min', '10m': '10 min', '1h': '1 h' };

interface TrafficPageProps {
  /** Left out: all of them. */
  proxy?: string | undefined;
  /** As a part of the page of the proxy. */
  isWithin?: boolean;
}

export function TrafficPage({ proxy, isWithin = false }: TrafficPageProps) {
  const isNarrow = useMediaQuery('(max-width: 1100px)');
  const [state, setState] = useState<keyof typeof states>('all');
  const [peer, setPeer] = useState('');
  const [span, setSpan] = useState<Span>('1m');
  const [isPaused, setPaused] = useState(false);
  const [isFollowing, setFollowing] = useState(true);
  const [picked, setPicked] = useState<string>();
  const search = useRef<HTMLInputElement>(null);
  const find = useRef<HTMLInputElement>(null);
  const wish = { proxy, state: state === 'all' ? undefined : state, peer: peer.trim() || undefined };
  const { list, isKnown, news } = usePipes(wish, isPaused);
  const [isKept, setKept] = useState(false);
  const kept = useKeptRows(proxy);
  const [what, setWhat] = useState('');
  const found = useFoundPipes(
    what,
    proxy,
    list.captures.some(({ armed }) => armed),
  );
  const rows = useMemo(() => {
    if (isKept) return kept;
    const ids = found && new Set(found.pipes);
    return ids ? list.rows.filter(({ pipe }) => ids.has(pipe.pipe)) : list.rows;
  }, [isKept, kept, found, list.rows]);
  const isAnyProxy = useGateway(({ proxies }) => proxies.size > 0);
  const name = useGateway(({ proxies }) => proxies.get(proxy ?? '')?.name ?? proxy);
  const history = useHistory(proxy, span, isPaused);
  const chosen = rows.find(({ pipe }) => pipe.pipe === picked) ?? rows[0];
  const live = usePayload(chosen?.pipe.pipe, chosen?.pipe.capture?.capture);
  const [frozen, setFrozen] = useState(live);
  if (!isPaused && frozen !== live) setFrozen(live);
  const payload = isPaused ? frozen : live;
  const arm = useArm();
  const kill = useKillPipes();
  const armed = list.captures.filter((capture) => capture.armed && (proxy === undefined || capture.proxy === proxy));
  const isArmed = armed.some((capture) => capture.pipe === undefined && capture.proxy === proxy);
  const open = list.rows.filter(({ pipe }) => pipe.state !== 'ended');
  const step = (by: 1 | -1) => () => setPicked(neighbour(rows, chosen?.pipe.pipe, by));
  useShortcuts({
    ' ': () => setPaused(!isPaused),
    f: () => setFollowing(!isFollowing),
    'mod+f': () => find.current?.focus(),
    '/': () => search.current?.focus(),
    '[': step(-1),
    ']': step(1),
  });

  const samples = useMemo(() => (history ? samplesOf(history) : []), [history]);
  const marks = useMemo(
    () => (history ? marksOf(list.rows, history.last + history.columnMs - spanMs[span]) : []),
    [list.rows, history, span],
  );
  const now = samples.at(-2);
  const rate = { received: now?.to ?? 0, sent: now?.back ?? 0 };
  const capture = list.captures.find((one) => one.capture === chosen?.pipe.capture?.capture);
  return (
    <>
      <div className="page-head">
        {isWithin ? (
          <h1>
            <bdi>{name}</bdi>
          </h1>
        ) : (
          <>
            <h1>Traffic</h1>
            <ScopeSelect proxy={proxy} onProxy={(to) => navigate(to === undefined ? '/traffic' : `/traffic/${to}`)} />
          </>
        )}
        {!isNarrow && (
          <Select
            value={state}
            onChange={(event) => setState(event.target.value)}
            inputProps={{ 'aria-label': 'State' }}
            sx={{ height: 'var(--control-size)' }}
          >
            {(Object.keys(states) as (keyof typeof states)[]).map((name) => (
              <MenuItem key={name} value={name}>
                {states[name]}
              </MenuItem>
            ))}
          </Select>
        )}
        {!isNarrow && <SearchBox label="Filter by client" text={peer} onText={setPeer} inputRef={search} />}
        {isNarrow && <Rates rate={rate} inLine />}
        <span className="space" />
        {proxy !== undefined && !isArmed && (
          <MayButton
            may="captures.armProxy"
            startIcon={<RecordIcon />}
            loading={arm.isPending}
            onClick={() => arm.mutate({ proxy })}
          >
            {isNarrow ? 'Capture' : 'Capture new connections'}
          </MayButton>
        )}
        {proxy !== undefined && open.length > 0 && !isNarrow && (
          <MayButton may="pipes.kill" color="error" onClick={() => kill.mutate(open.map(({ pipe }) => pipe.pipe))}>
            End all {open.length}
          </MayButton>
        )}
        <Button
          startIcon={isPaused ? <LiveIcon /> : <PauseIcon />}
          aria-pressed={isPaused}
          aria-keyshortcuts="Space"
          onClick={() => setPaused(!isPaused)}
        >
          {isPaused ? `Go on (${counted(news, 'change')})` : 'Pause view'}
        </Button>
      </div>
      {isWithin && proxy !== undefined && <ProxyTabs proxy={proxy} tab="traffic" />}
      {armed.map((one) => (
        <CaptureBar key={one.capture} capture={one} />
      ))}
      <section className={styles.graph} aria-label="Rates">
        <div className={styles.legend}>
          {!isNarrow && (
            <>
              <Way way="to" rate={rate.received} />
              <Way way="from" rate={rate.sent} />
            </>
          )}
          <span className="space" />
          <ToggleButtonGroup
            exclusive
            size="small"
            value={span}
            aria-label="Span of the graph"
            onChange={(_, next: Span | null) => next && setSpan(next)}
          >
            {(Object.keys(spans) as Span[]).map((name) => (
              <ToggleButton key={name} value={name}>
                {spans[name]}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        </div>
        <LiveChart
          samples={samples}
          marks={marks}
          until={history ? history.last + history.columnMs : Date.now()}
          spanSeconds={spanMs[span] / 1000}
          className={styles.chart}
          label={`Rates of the last ${spans[span]}: now ${formatRate(rate.received)} to the target, ${formatRate(rate.sent)} back`}
        />
      </section>
      {isKnown && !isKept && list.rows.length === 0 ? (
        <EmptyTraffic
          proxy={proxy}
          kept={kept.length}
          onKept={() => setKept(true)}
          isFiltered={state !== 'all' || peer !== ''}
          isAnyProxy={isAnyProxy}
          onClear={() => {
            setState('all');
            setPeer('');
          }}
        />
      ) : (
        <div className={styles.panes}>
          <section className={styles.list} aria-label="Connections">
            <ListHead isKept={isKept} onKept={setKept} open={list.open} ended={list.ended} kept={kept.length} />
            {!isKept && list.captures.length > 0 && (
              <div className={styles.find}>
                <SearchBox
                  label="Payload with text or 0x bytes"
                  text={what}
                  onText={setWhat}
                  keys={null}
                  width="100%"
                />
                {found && (
                  <p role="status">
                    In {counted(rows.length, 'connection')}
                    {!found.complete && '; older payload was not looked through'}
                  </p>
                )}
              </div>
            )}
            {isKept && kept.length === 0 && (
              <p className={styles.none}>
                No conversation is kept. Capture a connection, then keep it from its menu to read it or to send it again
                later.
              </p>
            )}
            <ConnectionList
              rows={rows}
              chosen={chosen?.pipe.pipe}
              onChoose={setPicked}
              isMixed={proxy === undefined}
              at={list.at}
            />
          </section>
          {chosen && (
            <Inspector
              key={chosen.pipe.pipe}
              pipe={chosen.pipe}
              name={chosen.name}
              payload={payload}
              isFollowing={isFollowing && !isPaused}
              onFollowing={setFollowing}
              findRef={find}
            />
          )}
        </div>
      )}
      <footer className="page-foot">
        {capture ? (
          <>
            <span>
              Capture {formatBytes(capture.kept)} of {formatBytes(capture.bytes)}
            </span>
            {capture.oldest !== null && <span>since {formatTime(capture.oldest, true)}</span>}
            <span>{formatBytes(capture.missed)} missed</span>
          </>
        ) : (
          <span>{list.open} open</span>
        )}
        <span className="space" />
        {!isNarrow && (
          <span className={styles.keys}>
            <KeyCap>Space</KeyCap> pause view <KeyCap>F</KeyCap> follow <KeyCap>[</KeyCap> <KeyCap>]</KeyCap> connection
          </span>
        )}
      </footer>
    </>
  );
}

function Way({ way, rate }: { way: 'to' | 'from'; rate: number }) {
  const Icon = way === 'to' ? ToTargetIcon : ToSourceIcon;
  return (
    <span className={`${profile.legend} ${profile[way]} ${styles.way}`}>
      <Icon aria-hidden /> {way === 'to' ? 'to the target' : 'back to the source'} <b>{formatRate(rate)}</b>
    </span>
  );
}
