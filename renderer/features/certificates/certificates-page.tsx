/** Certificates: what there is, when each ends, who uses it, and what can be made of them. */
import AddIcon from '@mui/icons-material/Add';
import RequestIcon from '@mui/icons-material/NoteAddOutlined';
import ImportIcon from '@mui/icons-material/UploadOutlined';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useState } from 'react';
import { useGateway } from '../../api/use-gateway.ts';
import { formatShort } from '../../components/format.ts';
import { MayButton } from '../../components/may.tsx';
import { CertificateFilters, filtered } from './certificate-filters.tsx';
import { CertificateTable } from './certificate-table.tsx';
import styles from './certificates.module.css';
import { ImportDialog } from './import-dialog.tsx';
import { IssueDialog } from './issue-dialog.tsx';

type Task = 'issue' | 'request' | 'import' | 'trust';

/** @param begin  `trust` opens the box that takes in a CA at once */
export function CertificatesPage({ begin }: { begin?: string | undefined }) {
  const isNarrow = useMediaQuery('(max-width: 1100px)');
  const certificates = useGateway((snapshot) => snapshot.certificates);
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  const [task, setTask] = useState<Task | undefined>(begin === 'trust' ? begin : undefined);
  const [filter, setFilter] = useState<string>();
  if (!isKnown) return <div className={styles.waiting}>Waiting for the engine…</div>;
  const ends = certificates.filter(({ notAfter, state }) => notAfter !== null && state !== 'ended');
  const next = ends.toSorted((a, b) => (a.notAfter ?? 0) - (b.notAfter ?? 0))[0];
  const close = () => setTask(undefined);
  return (
    <>
      <div className="page-head">
        <h1>Certificates</h1>
        <span className="space" />
        <MayButton may="certificates.import" startIcon={<ImportIcon />} onClick={() => setTask('import')}>
          Import
        </MayButton>
        <MayButton may="certificates.request" startIcon={<RequestIcon />} onClick={() => setTask('request')}>
          {isNarrow ? 'Request' : 'Make a request'}
        </MayButton>
        <MayButton
          may="certificates.issue"
          variant="contained"
          color="primary"
          startIcon={<AddIcon />}
          onClick={() => setTask('issue')}
        >
          {isNarrow ? 'Issue' : 'Issue certificate'}
        </MayButton>
      </div>
      <CertificateFilters certificates={certificates} chosen={filter} onChoose={setFilter} />
      <CertificateTable certificates={filtered(certificates, filter)} isNarrow={isNarrow} />
      <footer className={`page-foot ${styles.foot}`}>
        <span>
          {certificates.length} {certificates.length === 1 ? 'certificate' : 'certificates'}
        </span>
        {next?.notAfter && (
          <span>
            Next to end: <bdi>{next.name}</bdi>, {formatShort(next.notAfter, 0)}
          </span>
        )}
        <span className="space" />
        {!isNarrow && <span>The vertical line is now, by the clock of this PC</span>}
      </footer>
      {(task === 'issue' || task === 'request') && <IssueDialog task={task} onClose={close} />}
      {(task === 'import' || task === 'trust') && (
        <ImportDialog first={task === 'trust' ? 'trusted' : 'server'} onClose={close} />
      )}
    </>
  );
}
