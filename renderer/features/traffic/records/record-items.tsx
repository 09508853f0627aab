/** What a person does with a conversation that was captured or kept: keep it, send it again, remove it. */
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import ReplayIcon from '@mui/icons-material/Replay';
import KeepIcon from '@mui/icons-material/SaveAltOutlined';
import { MayItem } from '../../../components/may.tsx';
import styles from '../../../components/row-menu.module.css';
import { isRecord } from './use-records.ts';

export type RecordAction = 'keep' | 'replay' | 'remove';

/** @param onPick  the dialogs live outside of the menu, which closes */
export function recordItems(pipe: string, onPick: (action: RecordAction) => void) {
  return [
    !isRecord(pipe) && (
      <MayItem may="records.keep" key="keep" onClick={() => onPick('keep')}>
        <KeepIcon />
        <span className={styles.text}>Keep this conversation…</span>
      </MayItem>
    ),
    <MayItem may="captures.replay" key="replay" onClick={() => onPick('replay')}>
      <ReplayIcon />
      <span className={styles.text}>Send it again…</span>
    </MayItem>,
    isRecord(pipe) && (
      <MayItem may="records.remove" key="remove" className={styles.remove} onClick={() => onPick('remove')}>
        <RemoveIcon />
        <span className={styles.text}>Remove this record…</span>
      </MayItem>
    ),
  ];
}
