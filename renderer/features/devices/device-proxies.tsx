/** Tab "Proxies": those that lead through this device, with their switches. */
import AddIcon from '@mui/icons-material/Add';
import Button from '@mui/material/Button';
import Switch from '@mui/material/Switch';
import { Link } from 'wouter';
import type { DeviceView } from '../../../shared/device.ts';
import { targetLabel } from '../../../shared/proxy.ts';
import { shownState, stateLabel } from '../../../shared/shown-state.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { useClock } from '../../api/clock.ts';
import { useCall, useGateway, useProxy } from '../../api/use-gateway.ts';
import { counted } from '../../components/format.ts';
import { navigate } from '../../components/location.ts';
import { PipeLine } from '../../components/pipe-line.tsx';
import { Rates } from '../../components/rates.tsx';
import { isSameList } from '../../components/selection.ts';
import { StateChip } from '../../components/state-chip.tsx';
import { proxiesThrough } from './device-list.ts';
import styles from './device-page.module.css';
import tableStyles from './device-proxies.module.css';

export function DeviceProxies({ view }: { view: DeviceView }) {
  const ids = useGateway(({ proxies }) => proxiesThrough(proxies.values(), view).map(({ proxy }) => proxy), isSameList);
  const addButton = (
    <Button
      variant="contained"
      color="primary"
      startIcon={<AddIcon />}
      onClick={() => navigate(`/proxies/add/via/${view.user}/${view.device}`)}
    >
      Add Proxy
    </Button>
  );
  if (ids.length === 0) {
    return (
      <div className={styles.missing}>
        <p>
          No proxy leads through this device. One opens a port on this PC and passes everything to a target behind it.
        </p>
        {addButton}
      </div>
    );
  }
  return (
    <div className={styles.body}>
      <table className={tableStyles.table} aria-label="Proxies through this device">
        <colgroup>
          <col className={tableStyles.onColumn} />
          <col className={tableStyles.stateColumn} />
          <col />
          <col className={tableStyles.sourceColumn} />
          <col />
          <col className={tableStyles.nowColumn} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col" className={tableStyles.on}>
              On
            </th>
            <th scope="col">State</th>
            <th scope="col">Proxy</th>
            <th scope="col">Source</th>
            <th scope="col">Target</th>
            <th scope="col" className={tableStyles.right}>
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
      <div className={styles.section}>{addButton}</div>
    </div>
  );
}

function Row({ proxy }: { proxy: string }) {
  const view = useProxy(proxy);
  if (!view) return null;
  const { source, target, protocol } = view.config;
  const { rate, error } = view.status;
  return (
    <tr className={tableStyles.row}>
      <td className={tableStyles.on}>
        <OnSwitch view={view} />
      </td>
      <td>
        <State view={view} />
      </td>
      <td>
        <Link href={`/proxies/${proxy}/edit`} className={tableStyles.name} title={view.name}>
          {view.name}
        </Link>
        <span className={tableStyles.second}>{proxy}</span>
      </td>
      <td>
        <span className={tableStyles.source}>
          {source.port === undefined ? 'portal' : <code>:{source.port}</code>}
          <Line view={view} protocol={protocol} brokenAt={error?.hop} />
        </span>
      </td>
      <td className={tableStyles.address}>{targetLabel(target)}</td>
      <td className={tableStyles.right}>
        {rate.received + rate.sent > 0 ? <Rates rate={rate} /> : counted(view.status.pipes.open, 'connection')}
      </td>
    </tr>
  );
}

function OnSwitch({ view }: { view: ProxyView }) {
  const update = useCall((client, enabled: boolean) =>
    client.proxies.update({ params: { proxy: view.proxy }, body: { enabled } }),
  );
  return (
    <Switch
      checked={update.isPending ? update.variables : view.enabled}
      onChange={(_, enabled) => update.mutate(enabled)}
      slotProps={{ input: { 'aria-label': `Enable ${view.name}` } }}
    />
  );
}

function State({ view }: { view: ProxyView }) {
  const state = useClock((now) => shownState(view, now));
  const label = useClock((now) => stateLabel(view, now));
  return <StateChip state={state} label={label} />;
}

function Line({ view, ...rest }: { view: ProxyView } & Omit<Parameters<typeof PipeLine>[0], 'state'>) {
  const state = useClock((now) => shownState(view, now));
  return <PipeLine state={state} {...rest} />;
}
