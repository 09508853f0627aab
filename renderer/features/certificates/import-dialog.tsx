/** Takes in a certificate with its key, or a CA to trust, from files; in the place of another one where that has ended. */
import Button from '@mui/material/Button';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { type FormEvent, useId, useState } from 'react';
import type { CertificateImport, CertificateView } from '../../../shared/certificate.ts';
import { useCall, useReader } from '../../api/use-gateway.ts';
import { Dialog } from '../../components/dialog.tsx';
import { FieldRow, TextField } from '../../components/form-field.tsx';
import { freeId } from './certificate-id.ts';
import styles from './certificates.module.css';
import { FileField } from './file-field.tsx';
import { useRefusals } from './use-refusals.ts';

/** As what it was imported; `ca` is the local one, which is not replaced. */
const importKindOf = ({ kind }: CertificateView): CertificateImport['kind'] =>
  kind === 'client' || kind === 'trusted' ? kind : 'server';

const kinds = { server: 'Server', client: 'Client', trusted: 'CA to trust' } as const;

interface ImportDialogProps {
  /** The imported one whose place it takes: who uses that goes on with the new one. */
  replaced?: CertificateView;
  /** What is chosen at first. */
  first?: CertificateImport['kind'];
  onClose: () => void;
}

export function ImportDialog({ replaced, first = 'server', onClose }: ImportDialogProps) {
  const [kind, setKind] = useState(replaced ? importKindOf(replaced) : first);
  const [name, setName] = useState(replaced?.name ?? '');
  const [content, setContent] = useState('');
  const [key, setKey] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const read = useReader();
  const form = useId();
  const kindId = useId();
  const { errors, trouble, refuse, clear } = useRefusals(['name', 'content', 'key', 'passphrase', 'certificate']);
  const take = useCall((client, wish: CertificateImport) => client.certificates.import(wish), { showsFailure: true });
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    const wish: CertificateImport = {
      ...{ certificate: replaced?.certificate ?? freeId(name, read().certificates), name: name.trim(), kind, content },
      ...(replaced && { replace: true }),
      ...(key !== '' && kind !== 'trusted' && { key }),
      ...(passphrase !== '' && { passphrase }),
    };
    take.mutate(wish, { onSuccess: onClose, onError: refuse });
  };
  return (
    <Dialog
      title={replaced ? `Replace ${replaced.name}` : 'Import a certificate'}
      onClose={onClose}
      foot={
        <>
          <Button type="submit" form={form} variant="contained" color="primary" loading={take.isPending}>
            {replaced ? 'Replace' : 'Import'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id={form} className={styles.form} noValidate onSubmit={send}>
        {replaced ? (
          <p>What uses it goes on with the new one, without a restart.</p>
        ) : (
          <FieldRow label="For" labelId={kindId}>
            <ToggleButtonGroup
              exclusive
              aria-labelledby={kindId}
              value={kind}
              onChange={(_, chosen: CertificateImport['kind'] | null) => chosen && setKind(chosen)}
            >
              {(['server', 'client', 'trusted'] as const).map((one) => (
                <ToggleButton key={one} value={one}>
                  {kinds[one]}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          </FieldRow>
        )}
        <TextField
          label="Name"
          autoFocus
          value={name}
          onChange={({ target }) => setName(target.value)}
          error={errors.name ?? errors.certificate}
        />
        <FileField
          label="Certificate"
          help="PEM, DER or PKCS#12 (.p12, .pfx), with its chain if there is one."
          error={errors.content}
          onFile={(text, fileName) => {
            setContent(text);
            setName((before) => before || fileName.replace(/\.\w+$/, ''));
          }}
        />
        {kind !== 'trusted' && (
          <FileField
            label="Private key"
            help="Only where it is in a file of its own."
            error={errors.key}
            onFile={setKey}
          />
        )}
        <TextField
          label="Passphrase"
          type="password"
          value={passphrase}
          onChange={({ target }) => setPassphrase(target.value)}
          error={errors.passphrase}
          help="Of the file or of the key, where it has one. It is not kept."
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
