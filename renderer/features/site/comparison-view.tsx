/** The comparison as a whole: who signed the file, what it asks for, its lines, and the button that applies them. */
import Button from '@mui/material/Button';
import { useState } from 'react';
import type { PlaceholderValues, SiteComparison } from '../../../shared/site.ts';
import { TextField } from '../../components/form-field.tsx';
import { formatExact } from '../../components/format.ts';
import { ComparisonTable } from './comparison-table.tsx';
import styles from './site.module.css';
import { placeholderWords } from './words.ts';

interface ComparisonViewProps {
  comparison: SiteComparison;
  values: PlaceholderValues;
  isApplying: boolean;
  onValues: (values: PlaceholderValues) => void;
  onCompare: () => void;
  onApply: (chosen: readonly string[]) => void;
  onStartOver: () => void;
}

export function ComparisonView(props: ComparisonViewProps) {
  const { comparison, values, isApplying, onValues, onCompare, onApply, onStartOver } = props;
  const { items, leftOut, asks } = comparison;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(items.flatMap(({ id, chosen: isProposed }) => (isProposed ? [id] : []))),
  );
  const [isStale, setStale] = useState(false);
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <>
      <p className={styles.lead}>
        <Signature {...comparison} />
      </p>
      {asks.map(({ placeholder, value }) => (
        <TextField
          key={placeholder}
          label={placeholderWords[placeholder]}
          width={280}
          value={values[placeholder] ?? value ?? ''}
          onChange={({ target }) => {
            onValues({ ...values, [placeholder]: target.value });
            setStale(true);
          }}
        />
      ))}
      {items.length === 0 ? (
        <p className={styles.lead}>There is nothing in this file that Sluice could take over.</p>
      ) : (
        <ComparisonTable items={items} chosen={chosen} onChoose={choose} />
      )}
      {leftOut.length > 0 && (
        <details className={styles.leftOut}>
          <summary>
            {leftOut.length} {leftOut.length === 1 ? 'thing' : 'things'} of this file left out
          </summary>
          <ul className={styles.notes}>
            {leftOut.map(({ where, text, reason }) => (
              <li key={`${where} ${text} ${reason}`}>
                {where}: <bdi className="mono">{text}</bdi> {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className={styles.buttons}>
        {isStale ? (
          <Button variant="contained" color="primary" onClick={onCompare}>
            Compare again
          </Button>
        ) : (
          <Button
            variant="contained"
            color="primary"
            loading={isApplying}
            disabled={chosen.size === 0}
            onClick={() => onApply([...chosen])}
          >
            Apply {chosen.size} {chosen.size === 1 ? 'item' : 'items'}
          </Button>
        )}
        <Button onClick={onStartOver}>Start over</Button>
      </div>
    </>
  );
}

function Signature({ signature, site, made, format }: SiteComparison) {
  if (!signature) return <>A file of another program ({format}). Nobody has signed it.</>;
  const who = {
    own: 'this site',
    trusted: `${signature.name}, which is trusted`,
    unknown: 'a site that is not trusted here',
  };
  return (
    <>
      Made by <bdi>{site || 'a site without a name'}</bdi>
      {made !== null && `, ${formatExact(made)}`}. Signed by {who[signature.trust]}:{' '}
      <span className={`mono ${styles.fingerprint}`}>{signature.fingerprint}</span>
    </>
  );
}
