/** Takes the place of the page head while rows are ticked. */
import BackIcon from '@mui/icons-material/ChevronLeft';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import EnableIcon from '@mui/icons-material/PlayArrowOutlined';
import DisableIcon from '@mui/icons-material/Stop';
import Button from '@mui/material/Button';
import { useReader } from '../../api/use-gateway.ts';
import { MayButton } from '../../components/may.tsx';
import styles from '../../components/selection-bar.module.css';
import { useEnableDevices } from './device-calls.ts';

interface DeviceSelectionBarProps {
  labels: readonly string[];
  onClear: () => void;
  onRemove: () => void;
}

export function DeviceSelectionBar({ labels, onClear, onRemove }: DeviceSelectionBarProps) {
  const enable = useEnableDevices();
  const read = useReader();
  const turn = (enabled: boolean) =>
    enable.mutate({ views: labels.flatMap((label) => read().devices.get(label) ?? []), enabled });
  return (
    <div className={`page-head ${styles.bar}`} role="toolbar" aria-label="Selected devices">
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
      <MayButton may="devices.update" variant="text" startIcon={<EnableIcon />} onClick={() => turn(true)}>
        Enable
      </MayButton>
      <MayButton may="devices.update" variant="text" startIcon={<DisableIcon />} onClick={() => turn(false)}>
        Disable
      </MayButton>
      <span className="space" />
      <MayButton may="devices.remove" color="error" startIcon={<RemoveIcon />} onClick={onRemove}>
        Remove…
      </MayButton>
    </div>
  );
}
