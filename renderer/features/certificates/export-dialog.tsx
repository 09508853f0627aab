/** The public part of a certificate: facts, fingerprint as text and QR code, file, and how others take it in. */
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import SaveIcon from '@mui/icons-material/DownloadOutlined';
import Button from '@mui/material/Button';
import { useQuery } from '@tanstack/react-query';
import type { CertificateView } from '../../../shared/certificate.ts';
import { failureOf } from '../../api/failure.ts';
import { useClient } from '../../api/use-gateway.ts';
import { copyText } from '../../components/copy-text.ts';
import { Dialog } from '../../components/dialog.tsx';
import { formatExact } from '../../components/format.ts';
import { QrCode } from '../../components/qr-code.tsx';
import { saveFile } from '../../components/save-file.ts';
import styles from './certificates.module.css';
import { issuerText } from './words.ts';

/** Where a CA is made known, in the words of each system. */
const ways: readonly (readonly [where: string, how: string])[] = [
  ['Windows', 'Open the file, Install Certificate, Local Machine, “Trusted Root Certification Authorities”.'],
  ['macOS', 'Open the file in Keychain Access, System; then set “When using this certificate” to Always Trust.'],
  ['Linux', 'Copy it to /usr/local/share/ca-certificates/ with the ending .crt, then run update-ca-certificates.'],
  ['Android', 'Settings, Security, Encryption and credentials, Install a certificate, CA certificate.'],
  ['iOS', 'Open the file, install the profile; then Settings, General, About, Certificate Trust Settings.'],
  ['Firefox', 'Settings, Privacy and Security, View Certificates, Authorities, Import.'],
  ['Node-RED, Node.js', 'Set NODE_EXTRA_CA_CERTS to the path of the file before it starts.'],
  ['Devices', 'Copy the PEM text into the place for CA or root certificates, or pin the fingerprint.'],
];

export function ExportDialog({ view, onClose }: { view: CertificateView; onClose: () => void }) {
  const { certificate, name, kind, fingerprint } = view;
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: ['certificate', certificate, fingerprint],
    queryFn: () => client.certificates.export({ certificate }),
  });
  const isAuthority = kind === 'ca' || kind === 'trusted';
  const ending = kind === 'request' ? 'csr' : 'crt';
  return (
    <Dialog
      title={name}
      onClose={onClose}
      foot={
        <>
          <Button
            variant="contained"
            color="primary"
            startIcon={<SaveIcon />}
            disabled={!data}
            onClick={() => data && saveFile(`${certificate}.${ending}`, data.pem, 'application/x-pem-file')}
          >
            Save as file
          </Button>
          <Button
            startIcon={<CopyIcon />}
            disabled={!data}
            onClick={() => data && copyText(data.pem).catch(reportError)}
          >
            Copy as text
          </Button>
          <span className="space" />
          <Button autoFocus onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles.export}>
        <Facts view={view} />
        {fingerprint !== null && (
          <figure className={styles.code}>
            <QrCode text={fingerprint} label={`Fingerprint of ${name} as a QR code`} />
            <figcaption>Fingerprint, to compare</figcaption>
          </figure>
        )}
      </div>
      {error && (
        <p className={styles.trouble} role="alert">
          {failureOf(error).message} {failureOf(error).next}
        </p>
      )}
      {kind === 'request' && <p>Give this file to the other CA, and take in here what it makes of it.</p>}
      {isAuthority && (
        <>
          <h3 className={styles.lead}>Make it known to others</h3>
          <dl className={styles.ways}>
            {ways.map(([where, how]) => (
              <div key={where}>
                <dt>{where}</dt>
                <dd>{how}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Dialog>
  );
}

function Facts({ view }: { view: CertificateView }) {
  const { subject, names, notBefore, notAfter, serial, fingerprint } = view;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Subject', subject],
    ['Signed by', issuerText(view)],
    ['Names', names.join(', ') || null],
    ['Begins', notBefore === null ? null : formatExact(notBefore)],
    ['Ends', notAfter === null ? null : formatExact(notAfter)],
    ['Serial number', serial],
    ['SHA-256', fingerprint],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([what, value]) =>
        value === null ? null : (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}
