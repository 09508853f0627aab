/** Adds a plugin: from nothing, a preset, a container, a plugin.json, or for an ID that a proxy names already. */
import BackIcon from '@mui/icons-material/ArrowBack';
import IconButton from '@mui/material/IconButton';
import { type ReactNode, useState } from 'react';
import type { PluginKey } from '../../../shared/name.ts';
import { pluginPresets } from '../../../shared/plugin-presets.ts';
import { useGateway } from '../../api/use-gateway.ts';
import styles from '../../components/form-page.module.css';
import { leaveTo, navigate } from '../../components/location.ts';
import { offersOf, type PluginFile } from './file-values.ts';
import { OffersSection } from './offers-section.tsx';
import { PluginFilePage } from './plugin-file-page.tsx';
import { PluginForm } from './plugin-form.tsx';
import { keyOf } from './plugin-list.ts';
import { newPlugin, type PluginValues } from './plugin-values.ts';

interface PluginAddPageProps {
  from?: 'nothing' | 'container' | 'file';
  /** The ID of a preset. */
  preset?: string;
  /** A plugin that something leads to and that is not registered. */
  asked?: PluginKey;
}

export function PluginAddPage({ from = 'nothing', preset, asked }: PluginAddPageProps) {
  const account = useGateway(({ settings }) => settings?.account);
  const [file, setFile] = useState<PluginFile | undefined>(undefined);
  if (account === undefined) return <p className={styles.waiting}>Waiting for the engine…</p>;
  if (from === 'file' && !file) {
    return (
      <>
        <Head title="Import plugin.json" />
        <PluginFilePage account={account} onRead={setFile} />
      </>
    );
  }
  return (
    <>
      <Head title="Add Plugin">{file && `from the plugin.json of ${file.json.name}, not saved yet`}</Head>
      <StartedForm start={startOf({ from, preset, asked, file }, account)} file={file} />
    </>
  );
}

function Head({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={`page-head ${styles.head}`}>
      <IconButton className={styles.back} aria-label="Back to the list" onClick={() => navigate('/plugins')}>
        <BackIcon />
      </IconButton>
      <h1>{title}</h1>
      <span className={styles.remark}>{children}</span>
    </div>
  );
}

/** Starts from what is known now: events that come while somebody types change nothing. */
function StartedForm({ start, file }: { start: PluginValues; file: PluginFile | undefined }) {
  const [values] = useState(start);
  return (
    <PluginForm
      values={values}
      offers={file && ((typed) => offersOf(file, typed))}
      focus={
        values.kind === 'docker' ? 'container' : values.name === '' ? 'name' : values.port === '' ? 'port' : 'name'
      }
      onCancel={() => navigate('/plugins')}
      onSaved={({ user, plugin, offers }) =>
        leaveTo(`/plugins/${user}/${plugin}${offers.length > 0 ? '/proxies' : ''}`)
      }
    >
      {file && <OffersSection file={file} />}
    </PluginForm>
  );
}

function startOf(
  { from, preset, asked, file }: PluginAddPageProps & { file: PluginFile | undefined },
  account: string,
): PluginValues {
  if (file) return file.values;
  const key = asked && keyOf(asked.user, asked.plugin);
  if (key) return newPlugin(key.user, { plugin: key.plugin });
  const chosen = pluginPresets.find(({ plugin }) => plugin === preset);
  if (!chosen) return newPlugin(account, from === 'container' ? { kind: 'docker' } : {});
  const { plugin, name, category, port } = chosen;
  return newPlugin(account, { plugin, name, category, port: String(port) });
}
