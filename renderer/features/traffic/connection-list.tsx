/** Open and recent connections, the newest first; only those in sight are in the page. */
import ToSourceIcon from '@mui/icons-material/ArrowBack';
import ToTargetIcon from '@mui/icons-material/ArrowForward';
import CircleIcon from '@mui/icons-material/Circle';
import CloseIcon from '@mui/icons-material/Close';
import RefusedIcon from '@mui/icons-material/DoNotDisturb';
import KeptIcon from '@mui/icons-material/SaveAltOutlined';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useClock } from '../../api/clock.ts';
import { formatBytes, formatRate, formatTime } from '../../components/format.ts';
import styles from './connection-list.module.css';
import type { PipeRow } from './pipe-list.ts';
import { type Ending, endingOf, formatAge, kindText, reasonText } from './pipe-text.ts';

const ROW = 52;

interface ConnectionListProps {
  rows: readonly PipeRow[];
  chosen: string | undefined;
  onChoose: (pipe: string) => void;
  /** Of several proxies: each row names its own. */
  isMixed: boolean;
  /** Of the newest figures, wall clock milliseconds of the gateway. */
  at: number;
}

export function ConnectionList({ rows, chosen, onChoose, isMixed, at }: ConnectionListProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.pipe.pipe ?? index,
    overscan: 8,
  });
  const place = rows.findIndex(({ pipe }) => pipe.pipe === chosen);
  const shown = useRef<string>(undefined);
  useEffect(() => {
    // The list moves all the time; it is scrolled only when another one is chosen.
    if (place < 0 || shown.current === chosen) return;
    shown.current = chosen;
    virtual.scrollToIndex(place, { align: 'auto' });
  }, [chosen, place, virtual]);
  return (
    <div ref={box} className={styles.scroller}>
      <div role="listbox" aria-label="Connections" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          if (!row) return null;
          const { pipe } = row;
          return (
            <div
              key={key}
              role="option"
              aria-selected={pipe.pipe === chosen}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              tabIndex={pipe.pipe === chosen || (chosen === undefined && index === 0) ? 0 : -1}
              className={styles.row}
              style={{ transform: `translateY(${start}px)`, height: ROW }}
              onClick={() => onChoose(pipe.pipe)}
              onKeyDown={(event) => {
                const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
                const next = step === undefined ? undefined : rows[index + step]?.pipe.pipe;
                if (event.key === 'Enter' || event.key === ' ') onChoose(pipe.pipe);
                else if (next !== undefined) onChoose(next);
                else return;
                event.preventDefault();
              }}
            >
              {row.name === undefined ? <Sign ending={endingOf(pipe)} /> : <KeptIcon titleAccess="kept" />}
              <Words row={row} isMixed={isMixed} at={at} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Sign({ ending }: { ending: Ending }) {
  if (ending === 'open') return <CircleIcon className={styles.open ?? ''} titleAccess="open" />;
  if (ending === 'refused') return <RefusedIcon className={styles.refused ?? ''} titleAccess="turned away" />;
  return <CloseIcon className={styles[ending] ?? ''} titleAccess="ended" />;
}

function Words({ row, isMixed, at }: { row: PipeRow; isMixed: boolean; at: number }) {
  const { pipe, rate, movedAt } = row;
  const age = useClock((now) => formatAge(pipe, now));
  const isOpen = pipe.state !== 'ended' && row.name === undefined;
  const isMoving = isOpen && at - movedAt < 1500;
  return (
    <div className={styles.words}>
      <div className={styles.line}>
        {row.name === undefined ? (
          <span className={`mono ${styles.peer}`}>{pipe.client}</span>
        ) : (
          <bdi className={styles.peer}>{row.name}</bdi>
        )}
        {isMixed && <span className={styles.proxy}>{pipe.proxy}</span>}
        <span className={styles.age}>{isOpen ? age : formatTime(pipe.closed ?? pipe.opened, true)}</span>
      </div>
      <div className={styles.second}>
        {row.name === undefined ? !isOpen && <span>{reasonText(pipe)}</span> : <span>{pipe.client}</span>}
        <ToTargetIcon className={styles.to ?? ''} titleAccess="to the target" />
        <span>{formatBytes(pipe.received)}</span>
        <ToSourceIcon className={styles.from ?? ''} titleAccess="back to the source" />
        <span>{formatBytes(pipe.sent)}</span>
        {pipe.capture?.armed && <span className={styles.armed}>captured</span>}
        <span className="space" />
        <span>{isMoving ? formatRate(rate.received + rate.sent) : kindText(pipe)}</span>
      </div>
    </div>
  );
}
