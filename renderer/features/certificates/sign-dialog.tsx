/** Takes in what another CA made of a request. */
import Button from '@mui/material/Button';
import { type FormEvent, useId, useState } from 'react';
import type { CertificateView } from '../../../shared/certificate.ts';
import { useCall } from '../../api/use-gateway.ts';
import { Dialog } from '../../components/dialog.tsx';
import styles from './certificates.module.css';
import { FileField } from './file-field.tsx';
import { useRefusals } from './use-refusals.ts';

export function SignDialog({ view: { certificate, name }, onClose }: { view: CertificateView; onClose: () => void }) {
  const [content, setContent] = useState('');
  const form = useId();
  const { errors, trouble, refuse, clear } = useRefusals(['content']);
  const sign = useCall(
    (client, text: string) => client.certificates.sign({ params: { certificate }, body: { content: text } }),
    {
      showsFailure: true,
    },
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    sign.mutate(content, { onSuccess: onClose, onError: refuse });
  };
  return (
    <Dialog
      title={`Signed certificate for ${name}`}
      onClose={onClose}
      foot={
        <>
          <Button
            type="submit"
            form={form}
            variant="contained"
            color="primary"
            disabled={content === ''}
            loading={sign.isPending}
          >
            Take it in
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id={form} className={styles.form} noValidate onSubmit={send}>
        <FileField
          label="Certificate"
          help="PEM or DER, with the certificates that lead to its root. The key is here already."
          error={errors.content}
          onFile={setContent}
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
