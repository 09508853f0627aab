/** Add, edit or copy a proxy: waits for what the form starts from, then shows it. */
import Button from '@mui/material/Button';
import { useState } from 'react';
import type { DeviceKey } from '../../../shared/device.ts';
import type { SettingsView } from '../../../shared/settings.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { useGateway, useReader } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import { copyName, freshId } from './copies.ts';
import { newValues, toValues } from './form-values.ts';
import styles from './proxy-form.module.css';
import { type FormStart, ProxyForm } from './proxy-form.tsx';

interface ProxyFormPageProps {
  task: FormStart['task'];
  /** The ID of the proxy to edit or copy. */
  proxy?: string;
  /** The device that a new proxy leads through. */
  via?: DeviceKey;
}

export function ProxyFormPage({ task, proxy, via }: ProxyFormPageProps) {
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  if (!isKnown) return <p className={styles.waiting}>Waiting for the engine…</p>;
  return <StartedForm task={task} proxy={proxy} via={via} />;
}

/** Starts from what is known now: events that come while somebody types change nothing. */
function StartedForm({ task, proxy, via }: ProxyFormPageProps) {
  const read = useReader();
  const [start] = useState(() => {
    const { proxies, settings } = read();
    return startOf(task, proxy === undefined ? undefined : proxies.get(proxy), settings, new Set(proxies.keys()), via);
  });
  if (start) return <ProxyForm start={start} />;
  return (
    <div className={styles.missing}>
      <p>There is no proxy with the ID {proxy}. It may have been removed.</p>
      <Button onClick={() => navigate('/proxies')}>Show the list</Button>
    </div>
  );
}

function startOf(
  task: FormStart['task'],
  view: ProxyView | undefined,
  settings: SettingsView | undefined,
  taken: ReadonlySet<string>,
  via?: DeviceKey,
): FormStart | undefined {
  const account = settings?.account ?? '';
  if (task === 'add') {
    const values = newValues(settings?.listen.defaultAddress ?? '127.0.0.1', account);
    return {
      task,
      values: via ? { ...values, protocol: 'tcp_iotmp', targetUser: via.user, targetDevice: via.device } : values,
    };
  }
  if (!view) return undefined;
  if (task === 'edit') return { task, values: toValues(view, account), profile: view };
  const copied = { ...view, proxy: freshId(view.proxy, taken), name: copyName(view.name) };
  return { task, values: toValues(copied, account), wantsPort: view.config.source.port !== undefined };
}
