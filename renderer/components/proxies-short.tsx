/** Proxies that have something in common, such as their device, in short: with their switches, states and rates. */

import { Link } from 'wouter';
import { targetLabel } from '../../shared/proxy.ts';
import { shownState, stateLabel } from '../../shared/shown-state.ts';
import type { ProxyView } from '../../shared/status.ts';
import { useClock } from '../api/clock.ts';
import { useCall, useProxy } from '../api/use-gateway.ts';
import { counted } from './format.ts';
import { MaySwitch } from './may.tsx';
import { OpeningLine } from './opening-line.tsx';
import { PipeLine } from './pipe-line.tsx';
import styles from './proxies-short.module.css';
import { Rates } from './rates.tsx';
import { StateChip } from './state-chip.tsx';

/** @param props.label  what the table is called */
export function ProxiesShort({ ids, label }: { ids: readonly string[]; label: string }) {
  return (
    <table className={styles.table} aria-label={label}>
      <colgroup>
        <col className={styles.onColumn} />
        <col className={styles.stateColumn} />
        <col />
        <col className={styles.sourceColumn} />
        <col />
        <col className={styles.nowColumn} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" className={styles.on}>
            On
          </th>
          <th scope="col">State</th>
          <th scope="col">Proxy</th>
          <th scope="col">Source</th>
          <th scope="col">Target</th>
          <th scope="col" className={styles.right}>
            Now
          </th>
        </tr>
      </thead>
      <tbody>
        {ids.map((proxy) => (
          <Row key={proxy} proxy={proxy} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ proxy }: { proxy: string }) {
  const view = useProxy(proxy);
  if (!view) return null;
  const { source, target, protocol } = view.config;
  const { rate, error } = view.status;
  return (
    <tr className={styles.row}>
      <td className={styles.on}>
        <OnSwitch view={view} />
      </td>
      <td>
        <State view={view} />
      </td>
      <td>
        <Link href={`/proxies/${proxy}/edit`} className={styles.name} title={view.name}>
          {view.name}
        </Link>
        <span className={styles.second}>{proxy}</span>
      </td>
      <td>
        <span className={styles.source}>
          {source.port === undefined ? 'portal' : <code>:{source.port}</code>}
          <Line view={view} protocol={protocol} brokenAt={error?.hop} />
        </span>
      </td>
      <td className={styles.address}>{targetLabel(target)}</td>
      <td className={styles.right}>
        {rate.received + rate.sent > 0 ? <Rates rate={rate} /> : counted(view.status.pipes.open, 'connection')}
      </td>
    </tr>
  );
}

function OnSwitch({ view }: { view: ProxyView }) {
  const update = useCall((client, enabled: boolean) =>
    client.proxies.switch({ params: { proxy: view.proxy }, body: { enabled } }),
  );
  return (
    <MaySwitch
      may="proxies.switch"
      checked={update.isPending ? update.variables : view.enabled}
      onChange={(_, enabled) => update.mutate(enabled)}
      slotProps={{ input: { 'aria-label': `Enable ${view.name}` } }}
    />
  );
}

function State({ view }: { view: ProxyView }) {
  const state = useClock((now) => shownState(view, now));
  const label = useClock((now) => stateLabel(view, now));
  return (
    <>
      <StateChip state={state} label={label} />
      <OpeningLine view={view} />
    </>
  );
}

function Line({ view, ...rest }: { view: ProxyView } & Omit<Parameters<typeof PipeLine>[0], 'state'>) {
  const state = useClock((now) => shownState(view, now));
  return <PipeLine state={state} {...rest} />;
}
