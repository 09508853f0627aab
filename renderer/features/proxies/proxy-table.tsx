/** The table of proxies. Rows follow their own proxy, so traffic does not draw the table again. */
import Checkbox from '@mui/material/Checkbox';
import useMediaQuery from '@mui/material/useMediaQuery';
import { type ReactNode, useCallback, useLayoutEffect, useRef } from 'react';
import { toggled } from '../../components/selection.ts';
import { SortHead } from '../../components/sort-head.tsx';
import { type Column, columns } from './columns.ts';
import { leftAt, listChoices } from './list-view.ts';
import { ProxyRow } from './proxy-row.tsx';
import styles from './proxy-table.module.css';

interface ProxyTableProps {
  ids: readonly string[];
  selected: readonly string[];
  onSelect: (ids: readonly string[]) => void;
  onRemove: (proxy: string) => void;
  isNarrow: boolean;
  /** What stands under the rows, such as the reason why there are none. */
  children?: ReactNode;
}

export function ProxyTable({ ids, selected, onSelect, onRemove, isNarrow, children }: ProxyTableProps) {
  const choices = listChoices.use();
  const hasRoom = useMediaQuery('(min-width: 1400px)');
  const shown = columns.filter((column) =>
    isNarrow
      ? column.isNarrow
      : column.isFixed || (choices.columns.includes(column.id) && (hasRoom || !column.isRoomy)),
  );
  const scroller = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: leftAt.top });
  }, []);
  // The keyboard goes back to the row whose form was left; the row of a new proxy may come a moment later.
  useLayoutEffect(() => {
    if (leftAt.proxy === undefined || !ids.includes(leftAt.proxy)) return;
    scroller.current?.querySelector<HTMLElement>(`tr[data-proxy="${leftAt.proxy}"] a`)?.focus();
    leftAt.proxy = undefined;
  }, [ids]);

  // Rows are drawn again only when their props change: these two stay the same functions.
  const latest = useRef({ selected, onSelect, onRemove });
  useLayoutEffect(() => {
    latest.current = { selected, onSelect, onRemove };
  });
  const onToggle = useCallback((id: string) => latest.current.onSelect(toggled(latest.current.selected, id)), []);
  const onRemoveRow = useCallback((id: string) => latest.current.onRemove(id), []);

  return (
    <div
      className={styles.scroller}
      ref={scroller}
      onScroll={(event) => {
        leftAt.top = event.currentTarget.scrollTop;
      }}
    >
      <table
        className={`${styles.table} ${isNarrow ? styles.narrow : ''}`}
        style={{ minWidth: isNarrow ? undefined : leastWidth(shown) }}
        aria-label="Proxies"
      >
        <colgroup>
          <col className={styles.checkColumn} />
          <col className={styles.onColumn} />
          {shown.map((column) => (
            <col key={column.id} className={styles[`${column.id}Column`]} />
          ))}
          <col className={styles.menuColumn} />
        </colgroup>
        <thead>
          <tr>
            <th className={styles.check}>
              <Checkbox
                checked={ids.length > 0 && selected.length === ids.length}
                indeterminate={selected.length > 0 && selected.length < ids.length}
                onChange={() => onSelect(selected.length === ids.length ? [] : ids)}
                slotProps={{ input: { 'aria-label': 'Select all proxies' } }}
              />
            </th>
            <th scope="col">On</th>
            {shown.map((column) => (
              <SortHead
                key={column.id}
                {...column}
                title={isNarrow && column.id === 'now' ? 'Now' : column.title}
                sort={choices.sort}
                onSort={(sort) => listChoices.set({ sort })}
              />
            ))}
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {ids.map((id) => (
            <ProxyRow
              key={id}
              proxy={id}
              columns={shown.map((column) => column.id).join(' ')}
              isSelected={selected.includes(id)}
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

/** The usual columns fit from here on, px. */
const USUAL_WIDTH = 1000;

const leastWidth = (shown: readonly Column[]): number =>
  shown.reduce((width, { extraWidth }) => width + (extraWidth ?? 0), USUAL_WIDTH);
