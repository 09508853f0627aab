/** Above the list: what it shows, the connections of now or what was kept of earlier ones. */
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import styles from '../traffic-page.module.css';

interface ListHeadProps {
  isKept: boolean;
  onKept: (isKept: boolean) => void;
  open: number;
  ended: number;
  kept: number;
}

export function ListHead({ isKept, onKept, open, ended, kept }: ListHeadProps) {
  return (
    <div className={styles.listHead}>
      <h2>
        {isKept ? 'Kept conversations' : 'Connections'} <span>{isKept ? kept : `${open} open, ${ended} ended`}</span>
      </h2>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={isKept}
        aria-label="What is listed"
        onChange={(_, next: boolean | null) => next !== null && onKept(next)}
      >
        <ToggleButton value={false}>Now</ToggleButton>
        <ToggleButton value={true}>Kept</ToggleButton>
      </ToggleButtonGroup>
    </div>
  );
}
