/** Takes the place of the page head while rows are ticked. */
import BackIcon from '@mui/icons-material/ChevronLeft';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import StartIcon from '@mui/icons-material/PlayArrowOutlined';
import StopIcon from '@mui/icons-material/Stop';
import Button from '@mui/material/Button';
import { useGateway } from '../../api/use-gateway.ts';
import { MayButton } from '../../components/may.tsx';
import styles from '../../components/selection-bar.module.css';
import { isProgram, useRunPlugins } from './plugin-calls.ts';

interface PluginSelectionBarProps {
  labels: readonly string[];
  onClear: () => void;
  onRemove: () => void;
}

export function PluginSelectionBar({ labels, onClear, onRemove }: PluginSelectionBarProps) {
  const run = useRunPlugins();
  const plugins = useGateway((snapshot) => snapshot.plugins);
  const views = labels.flatMap((label) => plugins.get(label) ?? []);
  const hasPrograms = views.some(isProgram);
  const why = hasPrograms ? undefined : 'Sluice runs none of these';
  return (
    <div className={`page-head ${styles.bar}`} role="toolbar" aria-label="Selected plugins">
      <Button
        variant="text"
        className={styles.back}
        startIcon={<BackIcon />}
        onClick={onClear}
        aria-label={`${labels.length} selected, clear the selection`}
      >
        {labels.length} selected
      </Button>
      <span className={styles.divider} />
      <span title={why}>
        <MayButton
          may="plugins.start"
          variant="text"
          startIcon={<StartIcon />}
          disabled={!hasPrograms}
          onClick={() => run.mutate({ views, run: true })}
        >
          Start
        </MayButton>
        <MayButton
          may="plugins.stop"
          variant="text"
          startIcon={<StopIcon />}
          disabled={!hasPrograms}
          onClick={() => run.mutate({ views, run: false })}
        >
          Stop
        </MayButton>
      </span>
      <span className="space" />
      <MayButton may="plugins.remove" color="error" startIcon={<RemoveIcon />} onClick={onRemove}>
        Remove…
      </MayButton>
    </div>
  );
}
