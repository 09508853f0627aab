/** The list of plugins: what stands around the table, and which are selected. */
import AddIcon from '@mui/icons-material/Add';
import RefreshIcon from '@mui/icons-material/Refresh';
import FileIcon from '@mui/icons-material/UploadFileOutlined';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useRef, useState } from 'react';
import { useGateway, useReader, useRefresh } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { SearchBox } from '../../components/search-box.tsx';
import { isSameList } from '../../components/selection.ts';
import { useShortcuts } from '../../components/shortcuts.ts';
import { EmptyPlugins } from './empty-plugins.tsx';
import { pluginChoices, setSearch, useSearch } from './list-view.ts';
import { isProgram, isWanted, useRunPlugins } from './plugin-calls.ts';
import { listPlugins } from './plugin-list.ts';
import { PluginSelectionBar } from './plugin-selection-bar.tsx';
import { PluginTable } from './plugin-table.tsx';
import styles from './plugins-page.module.css';
import { RemovePluginsDialog } from './remove-plugins-dialog.tsx';

export function PluginsPage() {
  const isNarrow = useMediaQuery('(max-width: 1100px)');
  const text = useSearch();
  const { sort } = pluginChoices.use();
  const listed = useGateway((snapshot) => listPlugins(snapshot, text, sort), isSameList);
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  const total = useGateway((snapshot) => snapshot.plugins.size);
  const running = useGateway(
    ({ plugins }) => [...plugins.values()].filter(({ status }) => status.state === 'running').length,
  );
  const read = useReader();
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const [removing, setRemoving] = useState<readonly string[]>([]);
  const search = useRef<HTMLInputElement>(null);
  const run = useRunPlugins();
  const refresh = useRefresh();
  const selected = ticked.filter((label) => listed.includes(label));

  /** What is ticked, unless the keyboard is on another row. */
  const meant = (): readonly string[] => {
    const row = document.activeElement?.closest<HTMLElement>('tr[data-plugin]')?.dataset.plugin;
    return row === undefined || selected.includes(row) ? selected : [row];
  };
  useShortcuts({
    n: () => navigate('/plugins/add'),
    '/': () => search.current?.focus(),
    e: () => {
      const views = meant()
        .flatMap((label) => read().plugins.get(label) ?? [])
        .filter(isProgram);
      if (views.length > 0) run.mutate({ views, run: !views.every(isWanted) });
    },
    Delete: () => setRemoving(meant()),
    Escape: () => setTicked([]),
  });

  if (!isKnown) return <div className={styles.waiting}>Waiting for the engine…</div>;
  if (total === 0) return <EmptyPlugins />;
  return (
    <>
      {selected.length > 0 ? (
        <PluginSelectionBar labels={selected} onClear={() => setTicked([])} onRemove={() => setRemoving(selected)} />
      ) : (
        <div className="page-head">
          <h1>Plugins</h1>
          <span className="space" />
          <SearchBox
            label={isNarrow ? 'Filter' : 'Filter by name, port, state'}
            text={text}
            onText={setSearch}
            inputRef={search}
          />
          {isNarrow ? (
            <IconButton aria-label="Refresh" loading={refresh.isPending} onClick={() => refresh.mutate()}>
              <RefreshIcon />
            </IconButton>
          ) : (
            <Button startIcon={<RefreshIcon />} loading={refresh.isPending} onClick={() => refresh.mutate()}>
              Refresh
            </Button>
          )}
          <Button startIcon={<FileIcon />} onClick={() => navigate('/plugins/add/file')}>
            {isNarrow ? 'Import…' : 'Import plugin.json…'}
          </Button>
          <MayButton
            may="plugins.create"
            variant="contained"
            color="primary"
            startIcon={<AddIcon />}
            onClick={() => navigate('/plugins/add')}
            aria-keyshortcuts="n"
          >
            Add Plugin
          </MayButton>
        </div>
      )}
      <PluginTable
        labels={listed}
        selected={selected}
        onSelect={setTicked}
        onRemove={(label) => setRemoving([label])}
        isNarrow={isNarrow}
      >
        {listed.length === 0 && (
          <div className={styles.none}>
            <p>No plugin fits “{text.trim()}”.</p>
            <Button onClick={() => setSearch('')}>Clear the filter</Button>
          </div>
        )}
      </PluginTable>
      <footer className={`page-foot ${styles.foot}`}>
        <span>
          {listed.length} of {total}
        </span>
        <span>{running} running</span>
      </footer>
      {removing.length > 0 && (
        <RemovePluginsDialog labels={removing} onClose={() => setRemoving([])} onRemoved={() => setTicked([])} />
      )}
    </>
  );
}
