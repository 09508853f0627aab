/** TLS with the clients of a source: the switch, the certificate shown, and whether clients show one. */
import { useWatch } from 'react-hook-form';
import { ControlledSwitch } from '../../components/controlled-switch.tsx';
import { CertificateSelect } from './certificate-select.tsx';
import type { FormValues } from './form-values.ts';

export function SourceTls() {
  const isOn = useWatch<FormValues, 'sourceSecure'>({ name: 'sourceSecure' });
  return (
    <>
      <ControlledSwitch
        name="sourceSecure"
        label="SSL/TLS"
        text={(on) =>
          on ? 'On. Clients have to speak TLS 1.2 or 1.3.' : 'Off. Clients talk to this port in plain text.'
        }
      />
      {isOn && (
        <>
          <CertificateSelect
            name="sourceCertificate"
            label="Certificate"
            kinds={['server']}
            first={[['', 'The one of this gateway']]}
            help="Shown to clients. They trust it when they know the CA that issued it; Certificates has it as a file."
          />
          <CertificateSelect
            name="sourceClientCa"
            label="Client certificates"
            kinds={['ca', 'trusted']}
            first={[['', 'None asked for']]}
            help="With a CA chosen, only clients that show a certificate of it may connect."
          />
        </>
      )}
    </>
  );
}
