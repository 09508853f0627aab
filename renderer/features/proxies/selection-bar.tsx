/** Takes the place of the page head while rows are ticked. */
import BackIcon from '@mui/icons-material/ChevronLeft';
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import ExportIcon from '@mui/icons-material/FileDownloadOutlined';
import TagIcon from '@mui/icons-material/LocalOfferOutlined';
import EnableIcon from '@mui/icons-material/PlayArrowOutlined';
import DisableIcon from '@mui/icons-material/Stop';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { useReader } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import styles from '../../components/selection-bar.module.css';
import { type BulkResult, type BulkWork, useBulk } from './bulk.ts';
import { exportProxies } from './export-proxies.ts';
import { duplicating, enabling } from './proxy-calls.ts';
import { TagDialog } from './tag-dialog.tsx';

interface SelectionBarProps {
  ids: readonly string[];
  onClear: () => void;
  onRemove: () => void;
  /** Something was done that did not work for all of them. */
  onResult: (result: BulkResult) => void;
}

export function SelectionBar({ ids, onClear, onRemove, onResult }: SelectionBarProps) {
  const bulk = useBulk(onResult);
  const [isTagging, setTagging] = useState(false);
  const read = useReader();
  const chosen = () => ids.flatMap((id) => read().proxies.get(id) ?? []);
  const run = (work: BulkWork, onSuccess = () => {}) => bulk.mutate(work, { onSuccess });
  const onDuplicate = () => {
    const [only] = ids;
    if (ids.length === 1) navigate(`/proxies/${only}/copy`);
    else run(duplicating(chosen(), read().proxies.keys()), onClear);
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
      <MayButton
        may="proxies.switch"
        variant="text"
        startIcon={<EnableIcon />}
        disabled={bulk.isPending}
        onClick={() => run(enabling(chosen(), true))}
      >
        Enable
      </MayButton>
      <MayButton
        may="proxies.switch"
        variant="text"
        startIcon={<DisableIcon />}
        disabled={bulk.isPending}
        onClick={() => run(enabling(chosen(), false))}
      >
        Disable
      </MayButton>
      <MayButton
        may="proxies.create"
        variant="text"
        startIcon={<CopyIcon />}
        disabled={bulk.isPending}
        onClick={onDuplicate}
      >
        Duplicate
      </MayButton>
      <Button variant="text" startIcon={<ExportIcon />} onClick={() => exportProxies(chosen())}>
        Export
      </Button>
      <MayButton
        may="proxies.update"
        variant="text"
        startIcon={<TagIcon />}
        disabled={bulk.isPending}
        onClick={() => setTagging(true)}
      >
        Tag…
      </MayButton>
      <span className="space" />
      <MayButton may="proxies.remove" color="error" startIcon={<RemoveIcon />} onClick={onRemove}>
        Remove…
      </MayButton>
      {isTagging && <TagDialog views={chosen()} onClose={() => setTagging(false)} onWork={run} />}
    </div>
  );
}
