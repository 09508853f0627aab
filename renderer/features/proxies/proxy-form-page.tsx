/** Add, edit or copy a proxy: waits for what the form starts from, then shows it. */
import Button from '@mui/material/Button';
import { useState } from 'react';
import type { DeviceKey } from '../../../shared/device.ts';
import { type PluginKey, pluginLabel } from '../../../shared/name.ts';
import type { PluginView } from '../../../shared/plugin.ts';
import { completeConfig, type ProxyInput } from '../../../shared/proxy.ts';
import type { Snapshot } from '../../api/gateway.ts';
import { useGateway, useReader } from '../../api/use-gateway.ts';
import { freshId } from '../../components/fresh-id.ts';
import { navigate } from '../../components/location.ts';
import { copyName } from './copies.ts';
import { type FormValues, newValues, toValues } from './form-values.ts';
import type { PluginDialogType } from './plugin-dialog-type.ts';
import styles from './proxy-form.module.css';
import { type FormStart, ProxyForm } from './proxy-form.tsx';

export interface ProxyFormPageProps {
  task: FormStart['task'];
  /** The ID of the proxy to edit or copy. */
  proxy?: string;
  /** The device that a new proxy leads through. */
  via?: DeviceKey;
  /** The plugin that a new proxy leads to, or whose `offer` it is made from. */
  to?: PluginKey;
  offer?: number;
  /** Begins with the choice of a template. */
  isChoosing?: boolean;
  PluginDialog: PluginDialogType;
}

export function ProxyFormPage(props: ProxyFormPageProps) {
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  if (!isKnown) return <p className={styles.waiting}>Waiting for the engine…</p>;
  return <StartedForm {...props} />;
}

/** Starts from what is known now: events that come while somebody types change nothing. */
function StartedForm(props: ProxyFormPageProps) {
  const read = useReader();
  const [start] = useState(() => startOf(props, read()));
  if (start) return <ProxyForm start={start} PluginDialog={props.PluginDialog} />;
  return (
    <div className={styles.missing}>
      <p>
        {props.proxy === undefined
          ? 'There is no such offer of a proxy. Its plugin may have been removed.'
          : `There is no proxy with the ID ${props.proxy}. It may have been removed.`}
      </p>
      <Button onClick={() => navigate('/proxies')}>Show the list</Button>
    </div>
  );
}

function startOf(
  { task, proxy, via, to, offer, isChoosing }: ProxyFormPageProps,
  known: Snapshot,
): FormStart | undefined {
  const { settings, proxies, plugins } = known;
  const account = settings?.account ?? '';
  const defaultAddress = settings?.listen.defaultAddress ?? '127.0.0.1';
  if (task === 'add') {
    const plugin = to && plugins.get(pluginLabel(to));
    if (offer !== undefined) {
      const brought = plugin?.offers[offer]?.proxy;
      return brought ? { task, values: offeredValues(brought, defaultAddress, account) } : undefined;
    }
    const values = newValues(defaultAddress, account);
    if (via) Object.assign(values, { protocol: 'tcp_iotmp', targetUser: via.user, targetDevice: via.device });
    if (to) Object.assign(values, pluginValues(to, plugin));
    return { task, values, ...(isChoosing && { isChoosing }) };
  }
  const view = proxies.get(proxy ?? '');
  if (!view) return undefined;
  if (task === 'edit') return { task, values: toValues(view, account), profile: view };
  const copied = { ...view, proxy: freshId(view.proxy, new Set(proxies.keys())), name: copyName(view.name) };
  return { task, values: toValues(copied, account), wantsPort: view.config.source.port !== undefined };
}

function pluginValues(key: PluginKey, view: PluginView | undefined): Partial<FormValues> {
  return {
    protocol: view?.transport ?? 'tcp',
    targetType: 'plugin',
    targetUser: key.user,
    targetPlugin: key.plugin,
    targetPort: view ? String(view.port) : '',
  };
}

function offeredValues(offered: ProxyInput, defaultAddress: string, account: string): FormValues {
  const { proxy, name, description = '', enabled = true, config } = offered;
  return toValues({ proxy, name, description, enabled, config: completeConfig(config, { defaultAddress }) }, account);
}
