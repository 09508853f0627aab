/** One cell of the table of plugins, by column. */
import { Link } from 'wouter';
import type { PluginView } from '../../../shared/plugin.ts';
import { useClock } from '../../api/clock.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { PluginState } from '../../components/plugin-state.tsx';
import { pluginKindText, pluginStateDetail } from '../../components/shown-plugin-state.ts';
import { type PluginColumnId, placeText, proxiesTo } from './plugin-list.ts';
import styles from './plugin-table.module.css';

interface PluginCellProps {
  id: PluginColumnId;
  view: PluginView;
  isNarrow: boolean;
}

export function PluginCell({ id, view, isNarrow }: PluginCellProps) {
  switch (id) {
    case 'state':
      return (
        <td title={view.status.error?.message}>
          <StateCell view={view} />
        </td>
      );
    case 'plugin':
      return (
        <td>
          <NameCell view={view} />
        </td>
      );
    case 'kind':
      return (
        <td>
          <span className={styles.tag}>{pluginKindText[view.kind]}</span>
        </td>
      );
    case 'address':
      return (
        <td className={styles.address}>
          {placeText(view)}
          {isNarrow && <span className={styles.second}>{pluginKindText[view.kind]}</span>}
        </td>
      );
    case 'proxies':
      return (
        <td>
          <ProxiesCell view={view} />
        </td>
      );
    case 'description':
      return (
        <td className={styles.description} title={view.description}>
          <bdi>{view.description || '–'}</bdi>
        </td>
      );
  }
}

function StateCell({ view }: { view: PluginView }) {
  const detail = useClock((now) => pluginStateDetail(view, now));
  return (
    <>
      <PluginState view={view} hasWord />
      {detail && <span className={styles.second}>{detail}</span>}
    </>
  );
}

/** The account stands before the ID where it is not the usual one. */
function NameCell({ view }: { view: PluginView }) {
  const { user, plugin, name } = view;
  const account = useGateway(({ settings }) => settings?.account);
  return (
    <>
      <Link href={`/plugins/${user}/${plugin}`} className={styles.name} title={name}>
        <bdi>{name}</bdi>
      </Link>
      <span className={styles.second}>
        {user !== account && `${user}/`}
        {plugin}
      </span>
    </>
  );
}

function ProxiesCell({ view }: { view: PluginView }) {
  const names = useGateway(({ proxies }) =>
    proxiesTo(proxies.values(), view)
      .map(({ name }) => name)
      .join('\n'),
  );
  if (names === '') return <span className={styles.none}>none</span>;
  const all = names.split('\n');
  return (
    <Link
      href={`/plugins/${view.user}/${view.plugin}/proxies`}
      className={styles.proxies}
      title={all.join(', ')}
      aria-label={`Proxies that lead to ${view.name}: ${all.join(', ')}`}
    >
      <bdi>{all[0]}</bdi>
      {all.length > 1 && <span className={styles.more}>and {all.length - 1} more</span>}
    </Link>
  );
}
