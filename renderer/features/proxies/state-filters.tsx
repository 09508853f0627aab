/** One button per state with its count; several may be chosen. */
import Button from '@mui/material/Button';
import { type ShownState, shownState, stateText } from '../../../shared/shown-state.ts';
import { useLive } from '../../api/use-gateway.ts';
import { toggled } from '../../components/selection.ts';
import { StateIcon } from '../../components/state-chip.tsx';
import { setFilter, useFilter } from './list-view.ts';
import styles from './state-filters.module.css';

const problems: readonly ShownState[] = ['fault', 'degraded', 'retrying', 'waiting'];
const usual: readonly ShownState[] = [...problems, 'active', 'listening', 'disabled'];

export function StateFilters({ isProblemsOnly }: { isProblemsOnly?: boolean }) {
  const { states } = useFilter();
  const offered = isProblemsOnly ? problems : usual;
  const counts = useLive(
    ({ proxies }, now) => {
      const found = [...proxies.values()].map((view) => shownState(view, now));
      return offered.map((state) => found.filter((each) => each === state).length);
    },
    (a, b) => a.join() === b.join(),
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row of buttons in every browser
    <div className={styles.buttons} role="group" aria-label="Filter by state">
      {offered.map((state, index) => (
        <Button
          key={state}
          size="small"
          className={styles.button}
          aria-pressed={states.includes(state)}
          onClick={() => setFilter({ states: toggled(states, state) })}
        >
          <StateIcon state={state} inColour />
          {stateText[state]} <b>{counts[index]}</b>
        </Button>
      ))}
    </div>
  );
}
