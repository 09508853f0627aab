/** Captured payload, both ways, drawn row by row: only what is in sight is in the page. */
import ToSourceIcon from '@mui/icons-material/ArrowBack';
import ToTargetIcon from '@mui/icons-material/ArrowForward';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { DecodedMessage } from '../../../shared/decoded.ts';
import { formatBytes, formatTime } from '../../components/format.ts';
import { type Decoded, messageAt } from './decoded-list.ts';
import { type Found, hexLine, type Row, rowsOf, type ShownEntry, type View, type Way } from './payload-list.ts';
import styles from './stream-view.module.css';
import { type Place, ValueStrip } from './value-strip.tsx';

const ROW = 22;
const HEAD = 30;

interface StreamViewProps {
  entries: readonly ShownEntry[];
  view: View;
  way: Way | 'both';
  /** What is looked for, and which of it is chosen. */
  found: readonly Found[];
  chosen: Found | undefined;
  isFollowing: boolean;
  /** The person has moved away from the end, or back to it. */
  onFollowing: (isFollowing: boolean) => void;
  decoded: Decoded;
}

export function StreamView({ entries, view, way, found, chosen, isFollowing, onFollowing, decoded }: StreamViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const [picked, setPicked] = useState<Place>();
  const place = picked ?? chosen;
  const placed = place && entries.find(({ key }) => key === place.key);
  const bytes = placed?.kind === 'data' ? placed.bytes : undefined;
  const move = (by: number): void => {
    if (place && bytes) setPicked({ key: place.key, at: Math.max(0, Math.min(bytes.length - 1, place.at + by)) });
  };
  const rows = useMemo(() => rowsOf(entries, { view, way, whole }), [entries, view, way, whole]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (rows[index]?.kind === 'head' ? HEAD : ROW),
    overscan: 20,
  });
  useEffect(() => {
    if (isFollowing && rows.length > 0) virtual.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [isFollowing, rows.length, virtual]);
  useEffect(() => {
    if (!chosen) return;
    const index = rows.findIndex((row) => isRowOf(row, chosen));
    if (index >= 0) virtual.scrollToIndex(index, { align: 'center' });
  }, [chosen, rows, virtual]);
  // What is looked for next is where the person looks now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => setPicked(undefined), [chosen?.key, chosen?.at]);
  const marks = useMemo(() => new Set(found.map(({ key }) => key)), [found]);
  return (
    <>
      <section
        ref={box}
        className={styles.scroller}
        aria-label="Payload"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
        tabIndex={0}
        onWheel={(event) => event.deltaY < 0 && onFollowing(false)}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          if (!isFollowing && scrollTop + clientHeight >= scrollHeight - 4) onFollowing(true);
        }}
        onKeyDown={({ key }) => {
          if (['PageUp', 'Home', 'ArrowUp'].includes(key)) onFollowing(false);
          if (key === 'ArrowLeft') move(-1);
          if (key === 'ArrowRight') move(1);
        }}
        onClick={({ target }) => {
          const { key, at } = (target as HTMLElement).dataset;
          if (key !== undefined) setPicked({ key, at: Number(at) });
        }}
      >
        <ul className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, size }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <li
                key={index}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                className={styles[row.entry.way]}
                data-row={row.kind}
                style={{ transform: `translateY(${start}px)`, height: size }}
              >
                <RowContent
                  row={row}
                  message={row.kind === 'head' ? messageAt(decoded, row.entry) : undefined}
                  placed={place?.key === row.entry.key ? place.at : undefined}
                  marks={marks.has(row.entry.key) ? found.filter(({ key }) => key === row.entry.key) : none}
                  onWhole={() => setWhole((keys) => new Set(keys).add(row.entry.key))}
                />
              </li>
            );
          })}
        </ul>
      </section>
      {place && bytes && <ValueStrip bytes={bytes} at={place.at} />}
    </>
  );
}

const none: readonly Found[] = [];

function isRowOf(row: Row, { key, at }: Found): boolean {
  if (row.entry.key !== key) return false;
  return row.kind === 'hex' ? Math.floor(at / 16) === row.row : row.kind === 'head';
}

interface RowContentProps {
  row: Row;
  message: DecodedMessage | undefined;
  marks: readonly Found[];
  /** The byte of this entry whose values are shown. */
  placed: number | undefined;
  onWhole: () => void;
}

function RowContent({ row, message, marks, placed, onWhole }: RowContentProps) {
  switch (row.kind) {
    case 'head':
      return <Head row={row} message={message} isFound={marks.length > 0} />;
    case 'hex':
      return <Hex row={row} marks={marks} placed={placed} />;
    case 'text':
      return <code className={styles.text}>{row.line}</code>;
    case 'more':
      return (
        <button type="button" className={styles.more} onClick={onWhole}>
          Show {row.hidden} more rows
        </button>
      );
    case 'gap':
      return (
        <span className={styles.gap}>{row.entry.kind === 'gap' && `${formatBytes(row.entry.length)} missed`}</span>
      );
    case 'end':
      return <span className={styles.end}>{row.entry.kind === 'end' && endText(row.entry.way, row.entry.how)}</span>;
  }
}

const endText = (way: Way, how: 'fin' | 'reset'): string =>
  `${way === 'received' ? 'The client' : 'The target'} ${how === 'fin' ? 'ended its side' : 'cut the connection'}`;

interface HeadProps {
  row: Extract<Row, { kind: 'head' }>;
  message: DecodedMessage | undefined;
  isFound: boolean;
}

function Head({ row, message, isFound }: HeadProps) {
  const { entry, before } = row;
  const Icon = entry.way === 'received' ? ToTargetIcon : ToSourceIcon;
  return (
    <>
      <Icon titleAccess={entry.way === 'received' ? 'to the target' : 'back to the source'} />
      <span className="mono">
        {formatTime(entry.at, true)}.{String(Math.floor(entry.at % 1000)).padStart(3, '0')}
      </span>
      <span className={styles.delta}>{before === undefined ? '' : `+${formatDelta(entry.at - before)}`}</span>
      <span className={styles.size}>{formatBytes(entry.bytes.length)}</span>
      {message && <bdi className={message.tone === 'fault' ? styles.fault : styles.title}>{message.title}</bdi>}
      {isFound && <mark className={styles.found}>found</mark>}
    </>
  );
}

const formatDelta = (ms: number): string => (ms < 9999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

interface HexProps {
  row: Extract<Row, { kind: 'hex' }>;
  marks: readonly Found[];
  placed: number | undefined;
}

function Hex({ row, marks, placed }: HexProps) {
  const line = hexLine(row.entry.bytes, row.row);
  const isMarked = (column: number): boolean => {
    const place = row.row * 16 + column;
    return marks.some(({ at, length }) => place >= at && place < at + length);
  };
  return (
    <>
      <span className={styles.offset}>{line.offset}</span>
      <span className={styles.hex}>
        {line.hex.map((byte, column) => {
          const at = row.row * 16 + column;
          const look = [isMarked(column) && styles.mark, at === placed && styles.placed];
          return (
            <span key={at} data-key={row.entry.key} data-at={at} className={look.filter(Boolean).join(' ')}>
              {byte}
            </span>
          );
        })}
      </span>
      <span className={styles.chars} aria-hidden>
        {marks.length === 0
          ? line.text
          : [...line.text].map((sign, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name.
              <span key={column} className={isMarked(column) ? styles.mark : undefined}>
                {sign}
              </span>
            ))}
      </span>
    </>
  );
}
