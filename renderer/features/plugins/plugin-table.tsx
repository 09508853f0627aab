/** The table of plugins. Rows follow their own plugin, so a change of one does not draw the table again. */
import Checkbox from '@mui/material/Checkbox';
import { type ReactNode, useCallback, useLayoutEffect, useRef } from 'react';
import { toggled } from '../../components/selection.ts';
import { SortHead } from '../../components/sort-head.tsx';
import { pluginChoices } from './list-view.ts';
import { pluginColumns } from './plugin-list.ts';
import { PluginRow } from './plugin-row.tsx';
import styles from './plugin-table.module.css';

interface PluginTableProps {
  labels: readonly string[];
  selected: readonly string[];
  onSelect: (labels: readonly string[]) => void;
  onRemove: (label: string) => void;
  isNarrow: boolean;
  /** What stands under the rows. */
  children?: ReactNode;
}

export function PluginTable({ labels, selected, onSelect, onRemove, isNarrow, children }: PluginTableProps) {
  const { sort } = pluginChoices.use();
  const shown = pluginColumns.filter((column) => !isNarrow || column.isNarrow);
  // Rows are drawn again only when their props change: these two stay the same functions.
  const latest = useRef({ selected, onSelect, onRemove });
  useLayoutEffect(() => {
    latest.current = { selected, onSelect, onRemove };
  });
  const onToggle = useCallback((label: string) => latest.current.onSelect(toggled(latest.current.selected, label)), []);
  const onRemoveRow = useCallback((label: string) => latest.current.onRemove(label), []);
  return (
    <div className={styles.scroller}>
      <table className={`${styles.table} ${isNarrow ? styles.narrow : ''}`} aria-label="Plugins">
        <colgroup>
          <col className={styles.checkColumn} />
          <col className={styles.onColumn} />
          {shown.map(({ id }) => (
            <col key={id} className={styles[`${id}Column`]} />
          ))}
          <col className={styles.menuColumn} />
        </colgroup>
        <thead>
          <tr>
            <th className={styles.check}>
              <Checkbox
                checked={labels.length > 0 && selected.length === labels.length}
                indeterminate={selected.length > 0 && selected.length < labels.length}
                onChange={() => onSelect(selected.length === labels.length ? [] : labels)}
                slotProps={{ input: { 'aria-label': 'Select all plugins' } }}
              />
            </th>
            <th scope="col">On</th>
            {shown.map((column) => (
              <SortHead
                key={column.id}
                {...column}
                sort={sort}
                onSort={(chosen) => pluginChoices.set({ sort: chosen })}
              />
            ))}
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {labels.map((label) => (
            <PluginRow
              key={label}
              label={label}
              isSelected={selected.includes(label)}
              onToggle={onToggle}
              onRemove={onRemoveRow}
              isNarrow={isNarrow}
            />
          ))}
        </tbody>
      </table>
      {children}
    </div>
  );
}
