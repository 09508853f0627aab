/** The list of devices: what stands around the table, and which are selected. */
import AddIcon from '@mui/icons-material/Add';
import RefreshIcon from '@mui/icons-material/Refresh';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useRef, useState } from 'react';
import { useGateway, useReader, useRefresh } from '../../api/use-gateway.ts';
import { counted } from '../../components/format.ts';
import { navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { SearchBox } from '../../components/search-box.tsx';
import { isSameList } from '../../components/selection.ts';
import { useShortcuts } from '../../components/shortcuts.ts';
import { useEnableDevices } from './device-calls.ts';
import { listDevices } from './device-list.ts';
import { DeviceSelectionBar } from './device-selection-bar.tsx';
import { DeviceTable } from './device-table.tsx';
import styles from './devices-page.module.css';
import { EmptyDevices } from './empty-devices.tsx';
import { HubBar } from './hub-bar.tsx';
import { Incidents } from './incidents.tsx';
import { deviceChoices, setSearch, useSearch } from './list-view.ts';
import { RemoveDevicesDialog } from './remove-devices-dialog.tsx';

export function DevicesPage() {
  const isNarrow = useMediaQuery('(max-width: 1100px)');
  const text = useSearch();
  const { sort } = deviceChoices.use();
  const listed = useGateway(({ devices }) => listDevices(devices.values(), text, sort), isSameList);
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  const total = useGateway((snapshot) => snapshot.devices.size);
  const online = useGateway((snapshot) => snapshot.hub.online);
  const read = useReader();
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const [removing, setRemoving] = useState<readonly string[]>([]);
  const search = useRef<HTMLInputElement>(null);
  const enable = useEnableDevices();
  const refresh = useRefresh();
  const selected = ticked.filter((label) => listed.includes(label));

  /** What is ticked, unless the keyboard is on another row. */
  const meant = (): readonly string[] => {
    const row = document.activeElement?.closest<HTMLElement>('tr[data-device]')?.dataset.device;
    return row === undefined || selected.includes(row) ? selected : [row];
  };
  useShortcuts({
    n: () => navigate('/devices/add'),
    '/': () => search.current?.focus(),
    e: () => {
      const views = meant().flatMap((label) => read().devices.get(label) ?? []);
      if (views.length > 0) enable.mutate({ views, enabled: !views.every((view) => view.enabled) });
    },
    Delete: () => setRemoving(meant()),
    Escape: () => setTicked([]),
  });

  if (!isKnown) return <div className={styles.waiting}>Waiting for the engine…</div>;
  if (total === 0) return <EmptyDevices />;
  return (
    <>
      {selected.length > 0 ? (
        <DeviceSelectionBar labels={selected} onClear={() => setTicked([])} onRemove={() => setRemoving(selected)} />
      ) : (
        <div className="page-head">
          <h1>Devices</h1>
          <span className="space" />
          <SearchBox
            label={isNarrow ? 'Filter' : 'Filter by name, ID, address'}
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
          <MayButton
            may="devices.create"
            variant="contained"
            color="primary"
            startIcon={<AddIcon />}
            onClick={() => navigate('/devices/add')}
            aria-keyshortcuts="n"
          >
            Add Device
          </MayButton>
        </div>
      )}
      <HubBar />
      <DeviceTable
        labels={listed}
        selected={selected}
        onSelect={setTicked}
        onRemove={(label) => setRemoving([label])}
        isNarrow={isNarrow}
      >
        {listed.length === 0 && (
          <div className={styles.none}>
            <p>No device fits “{text.trim()}”.</p>
            <Button onClick={() => setSearch('')}>Clear the filter</Button>
          </div>
        )}
        <Incidents />
      </DeviceTable>
      <footer className={`page-foot ${styles.foot}`}>
        <span>
          {listed.length} of {total}
        </span>
        <span>{counted(online, 'device')} online</span>
      </footer>
      {removing.length > 0 && (
        <RemoveDevicesDialog labels={removing} onClose={() => setRemoving([])} onRemoved={() => setTicked([])} />
      )}
    </>
  );
}
