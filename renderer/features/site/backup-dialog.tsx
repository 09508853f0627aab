/** What putting back a backup would change, and the button that does it. */
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Button from '@mui/material/Button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { BackupDifference } from '../../../shared/backup.ts';
import { useCall, useClient } from '../../api/use-gateway.ts';
import { announce } from '../../components/announcer.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { formatExact } from '../../components/format.ts';
import { MayButton } from '../../components/may.tsx';
import styles from './site.module.css';
import { Trouble } from './trouble.tsx';
import { changeWords, partWords } from './words.ts';

/** @param backup  its ID, or `last` for the one that takes back the last change */
export function BackupDialog({ backup, onClose }: { backup: string; onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const compared = useQuery({
    queryKey: ['backups', backup],
    queryFn: () => client.backups.compare({ backup }),
    gcTime: 0,
  });
  const restore = useCall((gateway, id: string) => gateway.backups.restore({ backup: id }), { showsFailure: true });
  const { data } = compared;
  const onSuccess = () => {
    announce('The backup was put back');
    void queries.invalidateQueries({ queryKey: ['backups'] });
    onClose();
  };
  return (
    <Dialog
      title={backup === 'last' ? 'Take back the last change?' : 'Put back this backup?'}
      onClose={onClose}
      foot={
        <>
          <MayButton
            may="backups.restore"
            size="large"
            variant="contained"
            color="primary"
            disabled={!data || data.differences.length === 0}
            loading={restore.isPending}
            onClick={() => data && restore.mutate(data.backup, { onSuccess })}
          >
            {backup === 'last' ? 'Take back' : 'Put back'}
          </MayButton>
          <Button size="large" variant="text" autoFocus onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {data && <p>The configuration of {formatExact(data.savedAt)} takes the place of the present one:</p>}
      {data && (
        <ul className={styles.differences} aria-label="What changes">
          {data.differences.map((one) => (
            <Difference key={`${one.thing} ${one.id}`} difference={one} />
          ))}
        </ul>
      )}
      <Trouble thrown={compared.error ?? restore.error} />
    </Dialog>
  );
}

function Difference({ difference: { thing, id, name, change, fields, missing } }: { difference: BackupDifference }) {
  return (
    <li>
      <p>
        <b>{changeWords[change]}</b> {thing === 'settings' ? 'Settings' : <bdi>{name || id}</bdi>}{' '}
        {thing !== 'settings' && <small>{partWords[thing]}</small>}
      </p>
      {fields.length > 0 && (
        <ul className={styles.fields}>
          {fields.map(({ path, before, after }) => (
            <li key={path}>
              <bdi>{path}</bdi>: <bdi>{before || 'nothing'}</bdi> → <bdi>{after || 'nothing'}</bdi>
            </li>
          ))}
        </ul>
      )}
      {missing.map((what) => (
        <p key={what} className={`${styles.concern} ${styles.warns}`}>
          <WarningIcon />
          <span>Without {what}, which is in no backup: give it again afterwards.</span>
        </p>
      ))}
    </li>
  );
}
