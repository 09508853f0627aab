/** Entries as rows, the newest first; each opens to what was before and after. */
import OpenIcon from '@mui/icons-material/ChevronRight';
import IconButton from '@mui/material/IconButton';
import { Fragment, type ReactNode, useState } from 'react';
import type { AuditEntry } from '../../../shared/audit.ts';
import { formatExact } from '../../components/format.ts';
import table from '../../components/table.module.css';
import styles from './audit.module.css';
import { isDone, whatText } from './words.ts';

interface AuditTableProps {
  entries: readonly AuditEntry[];
  isNarrow: boolean;
  /** Below the last row. */
  children: ReactNode;
}

export function AuditTable({ entries, isNarrow, children }: AuditTableProps) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const toggle = (seq: number) =>
    setOpened((before) => {
      const after = new Set(before);
      if (!after.delete(seq)) after.add(seq);
      return after;
    });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className={table.scroller} tabIndex={0} aria-label="Entries">
      <table className={table.table}>
        <thead>
          <tr>
            <th className={styles.open} aria-label="Open" />
            <th className={styles.when}>When</th>
            <th className={styles.who}>Who</th>
            <th>What</th>
            <th className={styles.about}>About</th>
            {!isNarrow && <th className={styles.from}>From</th>}
            <th className={styles.outcome}>Outcome</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => {
            const isOpen = opened.has(entry.seq);
            return (
              <Fragment key={entry.seq}>
                <tr className={table.row}>
                  <td className={styles.open}>
                    <IconButton
                      aria-label={`Entry ${entry.seq}`}
                      aria-expanded={isOpen}
                      onClick={() => toggle(entry.seq)}
                    >
                      <OpenIcon className={isOpen ? (styles.turned ?? '') : ''} />
                    </IconButton>
                  </td>
                  <td className={styles.time}>{formatExact(entry.at)}</td>
                  <td>
                    <bdi>{entry.who}</bdi>
                  </td>
                  <td>
                    <b>{whatText(entry.what)}</b>
                  </td>
                  <td>
                    <bdi className="mono">{entry.subject}</bdi>
                  </td>
                  {!isNarrow && <td>{entry.from}</td>}
                  <td className={isDone(entry) ? styles.done : styles.refused}>
                    {isDone(entry) ? 'done' : entry.outcome}
                  </td>
                </tr>
                {isOpen && (
                  <tr>
                    <td />
                    <td colSpan={isNarrow ? 5 : 6} className={styles.more}>
                      <Details entry={entry} />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
      <div className={styles.below}>{children}</div>
    </section>
  );
}

function Details({ entry }: { entry: AuditEntry }) {
  const { seq, what, role, address, facts, changes } = entry;
  const plain = { entry: String(seq), call: what, ...(role && { role }), ...(address && { address }), ...facts };
  return (
    <>
      <dl className={styles.facts}>
        {Object.entries(plain).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi className="mono">{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {changes.length > 0 && (
        <table className={styles.changes} aria-label="What changed">
          <thead>
            <tr>
              <th>Field</th>
              <th>Before</th>
              <th>After</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ path, before, after }) => (
              <tr key={path}>
                <th scope="row">
                  <bdi className="mono">{path}</bdi>
                </th>
                <td>{before === null ? <i>not there</i> : <del>{before}</del>}</td>
                <td>{after === null ? <i>not there</i> : <ins>{after}</ins>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
