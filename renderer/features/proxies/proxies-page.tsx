/** The list of proxies: what stands around the table, and who is selected. */
import AddIcon from '@mui/icons-material/Add';
import RefreshIcon from '@mui/icons-material/Refresh';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useRef, useState } from 'react';
import { useGateway, useLive, useReader, useRefresh } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { isSameList } from '../../components/selection.ts';
import { useShortcuts } from '../../components/shortcuts.ts';
import { type BulkResult, useBulk } from './bulk.ts';
import { BulkResultDialog } from './bulk-result.tsx';
import { EmptyState } from './empty-state.tsx';
import { FilterBar } from './filter-bar.tsx';
import { ColumnMenu, NarrowFilter } from './filter-menus.tsx';
import { listChoices, setFilter, useFilter } from './list-view.ts';
import { ProxiesFoot } from './proxies-foot.tsx';
import styles from './proxies-page.module.css';
import { enabling } from './proxy-calls.ts';
import { describeFilter, listProxies, noFilter } from './proxy-list.ts';
import { ProxyTable } from './proxy-table.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { SearchField } from './search-field.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { StateFilters } from './state-filters.tsx';

export function ProxiesPage() {
  const isNarrow = useMediaQuery('(max-width: 1100px)');
  const filter = useFilter();
  const { sort } = listChoices.use();
  const listed = useLive(({ proxies }, now) => listProxies(proxies.values(), filter, sort, now), isSameList);
  const read = useReader();
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const [removing, setRemoving] = useState<readonly string[]>([]);
  const search = useRef<HTMLInputElement>(null);
  const [isFilterOpen, setFilterOpen] = useState(false);
  const [result, setResult] = useState<BulkResult | undefined>(undefined);
  const bulk = useBulk(setResult);
  const refresh = useRefresh();
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  const total = useGateway((snapshot) => snapshot.proxies.size);
  const selected = ticked.filter((id) => listed.includes(id));

  /** What is ticked, unless the keyboard is on another row. */
  const meant = (): readonly string[] => {
    const row = document.activeElement?.closest<HTMLElement>('tr[data-proxy]')?.dataset.proxy;
    return row === undefined || selected.includes(row) ? selected : [row];
  };
  useShortcuts({
    n: () => navigate('/proxies/add'),
    '/': () => {
      if (isNarrow) setFilterOpen(true);
      else search.current?.focus();
    },
    e: () => {
      const views = meant().flatMap((id) => read().proxies.get(id) ?? []);
      if (views.length > 0) bulk.mutate(enabling(views, !views.every((view) => view.enabled)));
    },
    Delete: () => setRemoving(meant()),
    Escape: () => setTicked([]),
  });

  if (!isKnown) return <div className={styles.waiting}>Waiting for the engine…</div>;
  if (total === 0) return <EmptyState />;
  const addButton = (
    <MayButton
      may="proxies.create"
      variant="contained"
      color="primary"
      startIcon={<AddIcon />}
      onClick={() => navigate('/proxies/add')}
      aria-keyshortcuts="n"
    >
      Add Proxy
    </MayButton>
  );
  return (
    <>
      {selected.length > 0 ? (
        <SelectionBar
          ids={selected}
          onClear={() => setTicked([])}
          onRemove={() => setRemoving(selected)}
          onResult={setResult}
        />
      ) : (
        <div className={`page-head ${styles.head}`}>
          <h1>Proxies</h1>
          {isNarrow && <StateFilters isProblemsOnly />}
          <span className="space" />
          {!isNarrow && <SearchField inputRef={search} />}
          {!isNarrow && (
            <Button startIcon={<RefreshIcon />} loading={refresh.isPending} onClick={() => refresh.mutate()}>
              Refresh
            </Button>
          )}
          {addButton}
          {isNarrow && (
            <IconButton aria-label="Refresh" loading={refresh.isPending} onClick={() => refresh.mutate()}>
              <RefreshIcon />
            </IconButton>
          )}
          {isNarrow && <NarrowFilter isOpen={isFilterOpen} onOpen={setFilterOpen} />}
        </div>
      )}
      {!isNarrow && (
        <FilterBar>
          <ColumnMenu />
        </FilterBar>
      )}
      <ProxyTable
        ids={listed}
        selected={selected}
        onSelect={setTicked}
        onRemove={(proxy) => setRemoving([proxy])}
        isNarrow={isNarrow}
      >
        {listed.length === 0 && (
          <div className={styles.none}>
            <p>No proxy fits {describeFilter(filter)}.</p>
            <Button onClick={() => setFilter(noFilter)}>Clear the filter</Button>
          </div>
        )}
      </ProxyTable>
      <ProxiesFoot shown={listed.length} />
      {removing.length > 0 && (
        <RemoveDialog
          ids={removing}
          onClose={() => setRemoving([])}
          onRemoved={() => setTicked([])}
          onResult={setResult}
        />
      )}
      {result && <BulkResultDialog result={result} onClose={() => setResult(undefined)} />}
    </>
  );
}
