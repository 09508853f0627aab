/** The last saves of the configuration: what each holds, what it would change, and the way back to it. */
import BackupIcon from '@mui/icons-material/HistoryOutlined';
import UndoIcon from '@mui/icons-material/Undo';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BackupView } from '../../../shared/backup.ts';
import { useRefusal } from '../../api/session.ts';
import { useClient, useGateway } from '../../api/use-gateway.ts';
import { FormSection } from '../../components/form-field.tsx';
import { counted, formatExact } from '../../components/format.ts';
import { MayButton } from '../../components/may.tsx';
import { BackupDialog } from './backup-dialog.tsx';
import styles from './site.module.css';

const AGAIN_MS = 5000;

export function BackupsSection() {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const isAllowed = useRefusal('backups.list') === undefined;
  const [asked, setAsked] = useState<string>();
  const { data } = useQuery({
    queryKey: ['backups'],
    queryFn: () => client.backups.list(),
    enabled: isAnswering && isAllowed,
    refetchInterval: AGAIN_MS,
  });
  const hasOther = data?.some(({ differences }) => differences > 0) ?? false;
  return (
    <FormSection icon={<BackupIcon />} title="Backups">
      <p className={styles.lead}>
        Each save of the configuration is kept until five newer ones are there. Putting one back is a save as well, so
        it can be taken back.
      </p>
      <div>
        <MayButton may="backups.restore" startIcon={<UndoIcon />} disabled={!hasOther} onClick={() => setAsked('last')}>
          Take back the last change…
        </MayButton>
      </div>
      {data && data.length > 0 && (
        <div className={styles.scroller}>
          <table className={`${styles.table} ${styles.backups}`} aria-label="Backups">
            <thead>
              <tr>
                <th scope="col">Saved</th>
                <th scope="col">Holds</th>
                <th scope="col">Put back, it changes</th>
                <th>
                  <span className="visually-hidden">Compare</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map((view) => (
                <Row key={view.backup} view={view} onCompare={() => setAsked(view.backup)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asked !== undefined && <BackupDialog backup={asked} onClose={() => setAsked(undefined)} />}
    </FormSection>
  );
}

function Row({ view, onCompare }: { view: BackupView; onCompare: () => void }) {
  const { backup, savedAt, holds, differences } = view;
  const saved = formatExact(savedAt);
  return (
    <tr className={differences === 0 ? styles.same : undefined}>
      <th scope="row">
        {saved} <small>{backup.startsWith('schema') ? 'before an upgrade' : backup}</small>
      </th>
      <td>
        {counted(holds.proxies, 'proxy', 'proxies')}, {counted(holds.devices, 'device')},{' '}
        {counted(holds.plugins, 'plugin')}, {counted(holds.certificates, 'certificate')}
      </td>
      <td>{differences === 0 ? 'nothing, it is as now' : counted(differences, 'thing')}</td>
      <td className={styles.action}>
        {differences > 0 && (
          <MayButton may="backups.compare" size="small" aria-label={`Compare backup ${backup}`} onClick={onCompare}>
            Compare…
          </MayButton>
        )}
      </td>
    </tr>
  );
}
