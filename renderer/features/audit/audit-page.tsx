/** The audit log: who changed what and when, whether the log is whole, and the log as a file. */
import ExportIcon from '@mui/icons-material/FileDownloadOutlined';
import VerifyIcon from '@mui/icons-material/VerifiedOutlined';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Select from '@mui/material/Select';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useRef, useState } from 'react';
import { verdictText } from '../../../shared/audit.ts';
import { failureOf } from '../../api/failure.ts';
import { useCall, useGateway } from '../../api/use-gateway.ts';
import { counted, formatTime } from '../../components/format.ts';
import { saveBlob } from '../../components/save-file.ts';
import { SearchBox } from '../../components/search-box.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import styles from './audit.module.css';
import { AuditTable } from './audit-table.tsx';
import { useAudit } from './use-audit.ts';
import { kinds } from './words.ts';

const DAY_MS = 86_400_000;
const spans = { all: 'All times', day: 'Last 24 hours', week: 'Last 7 days', month: 'Last 30 days' } as const;
type Span = keyof typeof spans;
const days: Readonly<Record<Span, number>> = { all: 0, day: 1, week: 7, month: 30 };

export function AuditPage() {
  const isNarrow = useMediaQuery('(max-width: 1100px)');
  const isKnown = useGateway((snapshot) => snapshot.settings !== undefined);
  const [text, setText] = useState('');
  const [kind, setKind] = useState('');
  const [span, setSpan] = useState<Span>('all');
  const [since, setSince] = useState<number>();
  const search = useRef<HTMLInputElement>(null);
  const { entries, error, hasOlder, isReading, older } = useAudit({ text, who: '', kind, since });
  const verify = useCall((client, _: undefined) => client.audit.verify());
  const take = useCall((client, _: undefined) => client.audit.export());
  useShortcuts({ '/': () => search.current?.focus() });
  if (!isKnown) return <div className={styles.waiting}>Waiting for the engine…</div>;
  const failure = error && failureOf(error);
  const isFiltered = text.trim() !== '' || kind !== '' || span !== 'all';
  const clear = () => {
    setText('');
    setKind('');
    setSpan('all');
    setSince(undefined);
  };
  return (
    <>
      <div className="page-head">
        <h1>Audit log</h1>
        <Select
          displayEmpty
          value={kind}
          onChange={(event) => setKind(event.target.value)}
          inputProps={{ 'aria-label': 'Kind' }}
          sx={{ width: isNarrow ? 150 : 190, height: 'var(--control-size)' }}
        >
          <MenuItem value="">All kinds</MenuItem>
          {Object.entries(kinds).map(([name, words]) => (
            <MenuItem key={name} value={name}>
              {words}
            </MenuItem>
          ))}
        </Select>
        <Select
          value={span}
          onChange={(event) => {
            setSpan(event.target.value);
            const back = days[event.target.value] * DAY_MS;
            setSince(back > 0 ? Date.now() - back : undefined);
          }}
          inputProps={{ 'aria-label': 'Time' }}
          sx={{ height: 'var(--control-size)' }}
        >
          {(Object.keys(spans) as Span[]).map((name) => (
            <MenuItem key={name} value={name}>
              {spans[name]}
            </MenuItem>
          ))}
        </Select>
        <SearchBox
          label="Who, what or value"
          text={text}
          onText={setText}
          inputRef={search}
          width={isNarrow ? 180 : 240}
        />
        <span className="space" />
        <Button startIcon={<VerifyIcon />} loading={verify.isPending} onClick={() => verify.mutate(undefined)}>
          Verify
        </Button>
        <Button
          startIcon={<ExportIcon />}
          loading={take.isPending}
          onClick={() => take.mutate(undefined, { onSuccess: saveBlob })}
        >
          Export
        </Button>
      </div>
      <div role="status">
        {verify.data && (
          <p className={verify.data.state === 'broken' ? styles.broken : styles.whole}>
            <b>Checked {formatTime(verify.data.at)}.</b> {verdictText(verify.data)}
          </p>
        )}
      </div>
      {failure && (
        <p className={styles.empty} role="alert">
          {failure.message} {failure.next}
        </p>
      )}
      {entries && entries.length === 0 && !failure && (
        <div className={styles.empty}>
          <p>{isFiltered ? 'No entry fits the filter.' : 'Nothing has happened yet.'}</p>
          {isFiltered && <Button onClick={clear}>Clear the filter</Button>}
        </div>
      )}
      {entries && entries.length > 0 && (
        <AuditTable entries={entries} isNarrow={isNarrow}>
          {hasOlder && (
            <Button loading={isReading} onClick={older}>
              Older entries
            </Button>
          )}
        </AuditTable>
      )}
      <footer className="page-foot">
        <span>
          {entries ? `${counted(entries.length, 'entry', 'entries')}${hasOlder ? ', more before' : ''}` : 'Reading…'}
        </span>
        <span className="space" />
        {!isNarrow && <span>Kept by this gateway only; secrets are never in it</span>}
      </footer>
    </>
  );
}
