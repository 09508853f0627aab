/** The reason of a state, opened under its row: what happened, what to do, and buttons that do it. */
import Button from '@mui/material/Button';
import { deviceLabel } from '../../../shared/device.ts';
import { type PluginKey, pluginLabel } from '../../../shared/name.ts';
import { deviceOf, pluginOf, targetLabel } from '../../../shared/proxy.ts';
import { sourceLabel } from '../../../shared/sentence.ts';
import type { ProxyStatus, ProxyView } from '../../../shared/status.ts';
import { useCall, useGateway } from '../../api/use-gateway.ts';
import { copyText } from '../../components/copy-text.ts';
import { formatTime } from '../../components/format.ts';
import { navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { MendSource } from './mend-source.tsx';
import { MendTls } from './mend-tls.tsx';
import styles from './proxy-table.module.css';
import { proxyText } from './proxy-text.ts';

interface FaultRowProps {
  view: ProxyView;
  fault: ProxyStatus['error'];
  /** The test of this proxy is wanted. */
  onTest: () => void;
  /** How many columns the cell spans, without checkbox, switch and menu. */
  columns: number;
  isNarrow: boolean;
}

export function FaultRow({ view, fault, onTest, columns, isNarrow }: FaultRowProps) {
  if (!fault) return null;
  const { target } = view.config;
  const device = deviceOf(view.config);
  const plugin = pluginOf(view.config);
  const isOfSource = fault.hop === 'source';
  const place = isOfSource ? sourceLabel(view.config.source) : targetLabel(target);
  const code = [fault.code, !isNarrow && place, formatTime(fault.at, true)];
  const { process, owner, address, name } = fault.details;
  const strong = process ?? owner ?? (plugin && (name ?? plugin.plugin)) ?? (isOfSource ? address : undefined);
  return (
    <tr className={`${styles.detail} ${view.status.state === 'fault' ? styles.fault : ''}`} data-proxy={view.proxy}>
      <td />
      <td />
      <td colSpan={columns + 1}>
        <div className={styles.opened}>
          <p className={styles.sentence}>
            <Sentence text={fault.message} strong={strong} /> <span className={styles.next}>{fault.next}</span>
          </p>
          <div className={styles.actions}>
            {isOfSource && <MendSource view={view} fault={fault} />}
            {fault.hop === 'device' && device && <OpenDevice {...device} />}
            <MendTls view={view} fault={fault} onMended={onTest} />
            {fault.hop === 'target' && plugin && <MendPlugin {...plugin} />}
            {!isOfSource && (
              <>
                <Button onClick={onTest}>Test again</Button>
                <Button onClick={() => navigate(`/proxies/${view.proxy}/edit`)}>Edit target</Button>
              </>
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
        <MayButton
          may="plugins.start"
          variant="contained"
          color="primary"
          loading={start.isPending}
          onClick={() => start.mutate(undefined)}
        >
          Start
        </MayButton>
      )}
      <Button onClick={() => navigate(`/plugins/${user}/${plugin}`)}>Open plugin</Button>
    </>
  );
}
