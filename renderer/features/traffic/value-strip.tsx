/** Under the bytes: what those at the chosen place are as numbers. */
import { useMemo } from 'react';
import { valuesAt } from './byte-values.ts';
import { hexByte } from './payload-list.ts';
import styles from './stream-view.module.css';

/** A byte of an entry. */
export interface Place {
  readonly key: string;
  readonly at: number;
}

export function ValueStrip({ bytes, at }: { bytes: Uint8Array; at: number }) {
  const values = useMemo(() => valuesAt(bytes, at), [bytes, at]);
  return (
    <p className={styles.strip} role="status" aria-label="Values at the chosen byte">
      <span>
        byte <b className="mono">0x{hexByte(at)}</b>
      </span>
      {values.map(({ name, text }) => (
        <span key={name}>
          {name} <b className="mono">{text}</b>
        </span>
      ))}
    </p>
  );
}
