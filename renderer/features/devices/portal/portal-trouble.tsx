/** Stands in place of a native view that has nothing to show. */
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Button from '@mui/material/Button';
import styles from './portal.module.css';

const texts: Readonly<Record<string, { what: string; next: string }>> = {
  crashed: {
    what: 'The page of the device made its process crash.',
    next: 'Proxies and connections go on. Its login is kept.',
  },
  failed: { what: 'The page could not be loaded.', next: 'The engine may be starting anew. Try again in a moment.' },
};

/** @param trouble  `crashed`, `failed`, or what the gateway said */
export function PortalTrouble({ trouble, onAgain }: { trouble: string; onAgain: () => void }) {
  const { what, next } = texts[trouble] ?? { what: trouble, next: '' };
  return (
    <div className={styles.instead} role="status">
      <WarningIcon className={styles.warning ?? ''} />
      <p>
        {what} <span className={styles.next}>{next}</span>
      </p>
      <div className={styles.actions}>
        <Button variant="contained" color="primary" onClick={onAgain}>
          Try again
        </Button>
      </div>
    </div>
  );
}
