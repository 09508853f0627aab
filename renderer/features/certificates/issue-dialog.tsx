/** Issues a certificate by the local CA, or makes a request for another one. */
import Button from '@mui/material/Button';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { type FormEvent, useId, useState } from 'react';
import type { CertificateIssue } from '../../../shared/certificate.ts';
import { useCall, useReader } from '../../api/use-gateway.ts';
import { Dialog } from '../../components/dialog.tsx';
import { FieldRow, TextField } from '../../components/form-field.tsx';
import { freeId } from './certificate-id.ts';
import styles from './certificates.module.css';
import { useRefusals } from './use-refusals.ts';

interface IssueDialogProps {
  task: 'issue' | 'request';
  onClose: () => void;
}

export function IssueDialog({ task, onClose }: IssueDialogProps) {
  const [kind, setKind] = useState<CertificateIssue['kind']>('server');
  const [name, setName] = useState('');
  const [names, setNames] = useState('');
  const [days, setDays] = useState('397');
  const read = useReader();
  const form = useId();
  const kindId = useId();
  const { errors, trouble, refuse, clear } = useRefusals(['name', 'names', 'days', 'certificate']);
  const make = useCall(
    (client, wish: CertificateIssue) => {
      if (task === 'issue') return client.certificates.issue(wish);
      const { days: _days, ...wanted } = wish;
      return client.certificates.request(wanted);
    },
    { showsFailure: true },
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    const wish: CertificateIssue = {
      certificate: freeId(name, read().certificates),
      name: name.trim(),
      kind,
      names: names.split(/[\s,;]+/).filter(Boolean),
      ...(task === 'issue' && { days: Number(days) }),
    };
    make.mutate(wish, { onSuccess: onClose, onError: refuse });
  };
  return (
    <Dialog
      title={task === 'issue' ? 'Issue a certificate' : 'Make a request for another CA'}
      onClose={onClose}
      foot={
        <>
          <Button type="submit" form={form} variant="contained" color="primary" loading={make.isPending}>
            {task === 'issue' ? 'Issue' : 'Make request'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id={form} className={styles.form} noValidate onSubmit={send}>
        <FieldRow label="For" labelId={kindId}>
          <ToggleButtonGroup
            exclusive
            aria-labelledby={kindId}
            value={kind}
            onChange={(_, chosen: CertificateIssue['kind'] | null) => chosen && setKind(chosen)}
          >
            <ToggleButton value="server">Server</ToggleButton>
            <ToggleButton value="client">Client</ToggleButton>
          </ToggleButtonGroup>
        </FieldRow>
        <TextField
          label="Name"
          autoFocus
          value={name}
          onChange={({ target }) => setName(target.value)}
          error={errors.name ?? errors.certificate}
        />
        <TextField
          label="Names"
          isMono
          value={names}
          onChange={({ target }) => setNames(target.value)}
          error={errors.names}
          help={
            kind === 'server'
              ? 'Host names and addresses that clients use, such as pump3.lan 192.168.1.10'
              : 'Not needed for most clients.'
          }
        />
        {task === 'issue' && (
          <TextField
            label="Length"
            width={120}
            unit="days"
            value={days}
            onChange={({ target }) => setDays(target.value)}
            error={errors.days}
            inputProps={{ inputMode: 'numeric' }}
          />
        )}
        {trouble && (
          <p className={styles.trouble} role="alert">
            {trouble}
          </p>
        )}
      </form>
    </Dialog>
  );
}
