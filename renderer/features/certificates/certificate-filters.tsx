/** One button per kind of certificate with its count; one may be chosen. */
import Button from '@mui/material/Button';
import type { CertificateView } from '../../../shared/certificate.ts';
import styles from './certificate-filters.module.css';

const groups: readonly (readonly [text: string, fits: (view: CertificateView) => boolean])[] = [
  ['Local CA', ({ kind }) => kind === 'ca'],
  ['Issued', ({ kind, origin }) => origin === 'issued' && kind !== 'ca'],
  ['Imported', ({ kind, origin }) => origin === 'imported' && kind !== 'trusted'],
  ['Trusted', ({ isTrusted }) => isTrusted],
  ['Requests', ({ origin }) => origin === 'signed_request'],
  ['Need you', ({ state, renewsItself }) => state === 'ended' || (state !== 'good' && !renewsItself)],
];

/** What the chosen filter lets through; all where none is chosen. */
export function filtered(certificates: readonly CertificateView[], chosen: string | undefined): CertificateView[] {
  const [, fits] = groups.find(([text]) => text === chosen) ?? [];
  return certificates.filter((view) => fits?.(view) ?? true);
}

interface CertificateFiltersProps {
  certificates: readonly CertificateView[];
  chosen: string | undefined;
  onChoose: (chosen: string | undefined) => void;
}

export function CertificateFilters({ certificates, chosen, onChoose }: CertificateFiltersProps) {
  const offered = [undefined, ...groups.map(([text]) => text)];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row of buttons in every browser
    <div className={styles.filters} role="group" aria-label="Filter by kind">
      {offered.map((text) => {
        const { length } = filtered(certificates, text);
        if (length === 0 && text !== undefined && text !== chosen) return null;
        return (
          <Button
            key={text ?? 'All'}
            size="small"
            className={styles.filter}
            aria-pressed={text === chosen}
            onClick={() => onChoose(text)}
          >
            {text ?? 'All'} <b>{length}</b>
          </Button>
        );
      })}
    </div>
  );
}
