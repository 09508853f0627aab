/** One proxy in the table, and its fault opened under it. Draws itself again only when its own proxy changes. */
import Checkbox from '@mui/material/Checkbox';
import { memo, useId, useState } from 'react';
import { toldFault } from '../../../shared/shown-state.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { clockNow, useClock } from '../../api/clock.ts';
import { useProxy } from '../../api/use-gateway.ts';
import { MaySwitch } from '../../components/may.tsx';
import type { ColumnId } from './columns.ts';
import { FaultRow } from './fault-row.tsx';
import { LeaseDialog } from './lease-dialog.tsx';
import { useSwitchProxy } from './proxy-calls.ts';
import { ProxyCell } from './proxy-cell.tsx';
import styles from './proxy-table.module.css';
import { RowMenu } from './row-menu.tsx';
import { TemplateDialog } from './template-dialog.tsx';
import { TestDialog } from './test-dialog.tsx';

interface ProxyRowProps {
  proxy: string;
  /** IDs with spaces between, so that equal columns are equal props. */
  columns: string;
  isSelected: boolean;
  onToggle: (proxy: string) => void;
  onRemove: (proxy: string) => void;
  isNarrow: boolean;
}

export const ProxyRow = memo(function ProxyRow({
  proxy,
  columns,
  isSelected,
  onToggle,
  onRemove,
  isNarrow,
}: ProxyRowProps) {
  const view = useProxy(proxy);
  const id = useId();
  const [isTesting, setTesting] = useState(false);
  const [asked, setAsked] = useState<'lease' | 'template' | undefined>(undefined);
  const endAsking = () => setAsked(undefined);
  const [choice, setChoice] = useState<boolean | undefined>(undefined);
  const hasMore = useClock((now) => view !== undefined && toldFault(view, now) !== null);
  if (!view) return null;
  const isFault = view.status.state === 'fault';
  const isOpen = hasMore && (choice ?? isFault);
  const shown = columns.split(' ') as ColumnId[];
  return (
    <>
      <tr
        data-proxy={proxy}
        aria-selected={isSelected}
        className={[styles.row, isFault && styles.fault, isOpen && styles.open, !view.enabled && styles.off]
          .filter(Boolean)
          .join(' ')}
      >
        <td className={styles.check}>
          <label className={styles.target} htmlFor={id}>
            <Checkbox
              checked={isSelected}
              onChange={() => onToggle(proxy)}
              slotProps={{ input: { id, 'aria-label': `Select ${view.name}` } }}
            />
          </label>
        </td>
        <td className={styles.on}>
          <OnSwitch view={view} />
        </td>
        {shown.map((column) => (
          <ProxyCell
            key={column}
            id={column}
            view={view}
            isNarrow={isNarrow}
            isOpen={isOpen}
            onOpen={() => setChoice(!isOpen)}
          />
        ))}
        <td className={styles.menu}>
          <RowMenu
            view={view}
            onTest={() => setTesting(true)}
            onRemove={() => onRemove(proxy)}
            onOpenFor={() => setAsked('lease')}
            onSaveTemplate={() => setAsked('template')}
          />
        </td>
      </tr>
      {isOpen && (
        <FaultRow
          view={view}
          fault={toldFault(view, clockNow())}
          onTest={() => setTesting(true)}
          columns={shown.length}
          isNarrow={isNarrow}
        />
      )}
      {isTesting && <TestDialog view={view} onClose={() => setTesting(false)} />}
      {asked === 'lease' && <LeaseDialog view={view} onClose={endAsking} />}
      {asked === 'template' && <TemplateDialog view={view} onClose={endAsking} />}
    </>
  );
});

/** Shows what was asked for while the gateway is still at it. */
function OnSwitch({ view }: { view: ProxyView }) {
  const turn = useSwitchProxy();
  const id = useId();
  const wanted = turn.isPending ? turn.variables.enabled : undefined;
  return (
    <label className={styles.target} htmlFor={id}>
      <MaySwitch
        may="proxies.switch"
        checked={wanted ?? view.enabled}
        onChange={(_, enabled) => turn.mutate({ proxy: view.proxy, enabled })}
        slotProps={{ input: { id, 'aria-label': `Enable ${view.name}` } }}
      />
    </label>
  );
}
