/** Saves a certificate with its private key, sealed with a passphrase. */
import Button from '@mui/material/Button';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { type FormEvent, useId, useState } from 'react';
import type { CertificateView, KeyExport } from '../../../shared/certificate.ts';
import { useCall } from '../../api/use-gateway.ts';
import { Dialog } from '../../components/dialog.tsx';
import { FieldRow, TextField } from '../../components/form-field.tsx';
import { saveFile } from '../../components/save-file.ts';
import styles from './certificates.module.css';
import { bytesOf } from './files.ts';
import { useRefusals } from './use-refusals.ts';

export function KeyDialog({ view: { certificate, name }, onClose }: { view: CertificateView; onClose: () => void }) {
  const [format, setFormat] = useState<KeyExport['format']>('p12');
  const [passphrase, setPassphrase] = useState('');
  const form = useId();
  const formatId = useId();
  const { errors, trouble, refuse, clear } = useRefusals(['passphrase']);
  const take = useCall((client, body: KeyExport) => client.certificates.exportKey({ params: { certificate }, body }), {
    showsFailure: true,
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    take.mutate(
      { format, passphrase },
      {
        onSuccess: ({ fileName, content }) => {
          saveFile(fileName, bytesOf(content), 'application/octet-stream');
          onClose();
        },
        onError: refuse,
      },
    );
  };
  return (
    <Dialog
      title={`Save ${name} with its key`}
      onClose={onClose}
      foot={
        <>
          <Button type="submit" form={form} variant="contained" color="primary" loading={take.isPending}>
            Save
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id={form} className={styles.form} noValidate onSubmit={send}>
        <p>Whoever has the file and the passphrase can pass for this certificate.</p>
        <FieldRow label="Format" labelId={formatId}>
          <ToggleButtonGroup
            exclusive
            aria-labelledby={formatId}
            value={format}
            onChange={(_, chosen: KeyExport['format'] | null) => chosen && setFormat(chosen)}
          >
            <ToggleButton value="p12">PKCS#12, for browsers and Windows</ToggleButton>
            <ToggleButton value="pem">PEM, for programs</ToggleButton>
          </ToggleButtonGroup>
        </FieldRow>
        <TextField
          label="Passphrase"
          type="password"
          autoFocus
          value={passphrase}
          onChange={({ target }) => setPassphrase(target.value)}
          error={errors.passphrase}
          help="At least 8 characters. It is not kept."
        />
        {trouble && (
          <p className={styles.trouble} role="alert">
            {trouble}
          </p>
        )}
      </form>
    </Dialog>
  );
}
