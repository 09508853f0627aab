/** Takes the place of the page head while rows are ticked. */
import BackIcon from '@mui/icons-material/ChevronLeft';
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import EnableIcon from '@mui/icons-material/PlayArrowOutlined';
import DisableIcon from '@mui/icons-material/Stop';
import Button from '@mui/material/Button';
import { useReader } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import styles from '../../components/selection-bar.module.css';
import { useDuplicateProxies, useEnableProxies } from './proxy-calls.ts';

interface SelectionBarProps {
  ids: readonly string[];
  onClear: () => void;
  onRemove: () => void;
}

export function SelectionBar({ ids, onClear, onRemove }: SelectionBarProps) {
  const enable = useEnableProxies();
  const duplicate = useDuplicateProxies();
  const read = useReader();
  const chosen = () => ids.flatMap((id) => read().proxies.get(id) ?? []);
  const onDuplicate = () => {
    const [only] = ids;
    if (ids.length === 1) navigate(`/proxies/${only}/copy`);
    else duplicate.mutate({ views: chosen(), taken: read().proxies.keys() }, { onSuccess: onClear });
  };
  return (
    <div className={`page-head ${styles.bar}`} role="toolbar" aria-label="Selected proxies">
      <Button
        variant="text"
        className={styles.back}
        startIcon={<BackIcon />}
        onClick={onClear}
        aria-label={`${ids.length} selected, clear the selection`}
      >
        {ids.length} selected
      </Button>
      <span className={styles.divider} />
      <Button
        variant="text"
        startIcon={<EnableIcon />}
        onClick={() => enable.mutate({ views: chosen(), enabled: true })}
      >
        Enable
      </Button>
      <Button
        variant="text"
        startIcon={<DisableIcon />}
        onClick={() => enable.mutate({ views: chosen(), enabled: false })}
      >
        Disable
      </Button>
      <Button variant="text" startIcon={<CopyIcon />} disabled={duplicate.isPending} onClick={onDuplicate}>
        Duplicate
      </Button>
      <span className="space" />
      <Button color="error" startIcon={<RemoveIcon />} onClick={onRemove}>
        Remove…
      </Button>
    </div>
  );
}
