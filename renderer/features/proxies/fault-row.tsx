/** The reason of a state, opened under its row: what happened, what to do, and buttons that do it. */
import Button from '@mui/material/Button';
import { useQuery } from '@tanstack/react-query';
import { deviceLabel } from '../../../shared/device.ts';
import { type PluginKey, pluginLabel } from '../../../shared/name.ts';
import { deviceOf, pluginOf, targetLabel } from '../../../shared/proxy.ts';
import { sourceLabel } from '../../../shared/sentence.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { useCall, useClient, useGateway } from '../../api/use-gateway.ts';
import { copyText } from '../../components/copy-text.ts';
import { formatTime } from '../../components/format.ts';
import { navigate } from '../../components/location.ts';
import { Sentence } from '../../components/sentence.tsx';
import { useRetryProxy, useUpdateProxy } from './proxy-calls.ts';
import styles from './proxy-table.module.css';
import { proxyText } from './proxy-text.ts';
import { withSourcePort } from './repair.ts';

interface FaultRowProps {
  view: ProxyView;
  /** How many columns the cell spans, without checkbox, switch and menu. */
  columns: number;
  isNarrow: boolean;
}

export function FaultRow({ view, columns, isNarrow }: FaultRowProps) {
  const { error, state } = view.status;
  if (!error) return null;
  const { target } = view.config;
  const device = deviceOf(view.config);
  const plugin = pluginOf(view.config);
  const sourcePort = view.config.source.port;
  const place = error.hop === 'source' ? sourceLabel(view.config.source) : targetLabel(target);
  const code = [error.code, !isNarrow && place, formatTime(error.at, true)];
  return (
    <tr className={`${styles.detail} ${state === 'fault' ? styles.fault : ''}`} data-proxy={view.proxy}>
      <td />
      <td />
      <td colSpan={columns + 1}>
        <div className={styles.opened}>
          <p className={styles.sentence}>
            <Sentence
              text={error.message}
              strong={error.details.process ?? error.details.owner ?? (plugin && (error.details.name ?? plugin.plugin))}
            />{' '}
            <span className={styles.next}>{error.next}</span>
          </p>
          <div className={styles.actions}>
            {error.hop === 'source' && sourcePort !== undefined && <UsePort view={view} taken={sourcePort} />}
            {error.hop === 'source' && <TryAgain proxy={view.proxy} />}
            {error.hop === 'device' && device && <OpenDevice {...device} />}
            {error.hop === 'target' && plugin && <MendPlugin {...plugin} />}
            {error.hop !== 'source' && (
              <Button onClick={() => navigate(`/proxies/${view.proxy}/edit`)}>Edit target</Button>
            )}
            <Button
              variant="text"
              color="primary"
              className={styles.copy ?? ''}
              onClick={() => {
                copyText(proxyText(view, Date.now())).catch(reportError);
              }}
            >
              Copy as text
            </Button>
          </div>
          <code className={styles.code}>{code.filter(Boolean).join(' · ')}</code>
        </div>
      </td>
    </tr>
  );
}

/** Moves the proxy to a near port that is free, where there is one. */
function UsePort({ view, taken }: { view: ProxyView; taken: number }) {
  const client = useClient();
  const update = useUpdateProxy();
  const { protocol, source } = view.config;
  const { data } = useQuery({
    queryKey: ['port', view.proxy, protocol, source.address, taken, view.status.error?.at],
    queryFn: () => client.ports.check({ protocol, address: source.address, port: taken, proxy: view.proxy }),
    enabled: view.status.error?.code !== 'ADDRESS_GONE',
  });
  const port = data?.suggestion;
  if (!port) return null;
  return (
    <Button
      variant="contained"
      color="primary"
      loading={update.isPending}
      onClick={() => update.mutate({ proxy: view.proxy, body: { config: withSourcePort(view.config, port) } })}
    >
      Use {port}
    </Button>
  );
}

/** The device's page, or the form that registers it. */
function OpenDevice({ user, device }: { user: string; device: string }) {
  const isKnown = useGateway(({ devices }) => devices.has(deviceLabel({ user, device })));
  return isKnown ? (
    <Button onClick={() => navigate(`/devices/${user}/${device}`)}>Open device</Button>
  ) : (
    <Button onClick={() => navigate(`/devices/add/as/${user}/${device}`)}>Add this device</Button>
  );
}

/** Starts its program, where Sluice runs it; shows its page, or the form that registers it. */
function MendPlugin({ user, plugin }: PluginKey) {
  const view = useGateway(({ plugins }) => plugins.get(pluginLabel({ user, plugin })));
  const start = useCall((client, _: undefined) => client.plugins.start({ user, plugin }));
  if (!view) return <Button onClick={() => navigate(`/plugins/add/as/${user}/${plugin}`)}>Add this plugin</Button>;
  const isDown = view.status.state === 'stopped' || view.status.state === 'crashed';
  return (
    <>
      {view.kind === 'process' && isDown && (
        <Button variant="contained" color="primary" loading={start.isPending} onClick={() => start.mutate(undefined)}>
          Start
        </Button>
      )}
      <Button onClick={() => navigate(`/plugins/${user}/${plugin}`)}>Open plugin</Button>
    </>
  );
}

function TryAgain({ proxy }: { proxy: string }) {
  const retry = useRetryProxy();
  return (
    <Button loading={retry.isPending} onClick={() => retry.mutate(proxy)}>
      Try again
    </Button>
  );
}
