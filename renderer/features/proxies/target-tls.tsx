/** TLS to a target: the switch, how its certificate is judged, its name, our own certificate, and old versions. */
import { useController, useWatch } from 'react-hook-form';
import { ControlledSwitch } from '../../components/controlled-switch.tsx';
import { CertificateSelect } from './certificate-select.tsx';
import { FormText } from './form-text.tsx';
import type { FormValues } from './form-values.ts';

export function TargetTls() {
  const [isOn, verify, address] = useWatch<FormValues, ['targetSecure', 'targetVerify', 'targetAddress']>({
    name: ['targetSecure', 'targetVerify', 'targetAddress'],
  });
  const isPinned = verify.startsWith('pin:');
  return (
    <>
      <ControlledSwitch
        name="targetSecure"
        label="SSL/TLS"
        text={(on) =>
          on
            ? 'On. The certificate of the target is checked before anything is sent.'
            : 'Off. Sluice talks to the target in plain text.'
        }
      />
      {isOn && (
        <>
          <CertificateSelect
            name="targetVerify"
            label="Trust"
            kinds={['ca', 'trusted']}
            toValue={(certificate) => `ca:${certificate}`}
            first={[
              ['system', 'What this PC and the certificate desk trust'],
              ...(isPinned ? [[verify, 'Exactly this certificate (pinned)'] as const] : []),
            ]}
            help={
              isPinned
                ? `Pinned: ${verify.slice('pin:'.length)}`
                : 'A certificate that nobody vouches for can be pinned from its fault, after it was shown.'
            }
          />
          {!isPinned && (
            <FormText
              name="targetServerName"
              label="Server name"
              placeholder={address.trim() || 'Its address'}
              isMono
              help="Asked for, and looked for in the certificate, in place of the address."
            />
          )}
          <CertificateSelect
            name="targetCertificate"
            label="Own certificate"
            kinds={['client', 'server']}
            first={[['', 'None']]}
            help="Shown to a target that asks for one."
          />
          <OldTls />
        </>
      )}
    </>
  );
}

function OldTls() {
  const { field } = useController<FormValues, 'targetOldTls'>({ name: 'targetOldTls' });
  return (
    <ControlledSwitch
      name="targetOldTls"
      label="Old TLS"
      text={() =>
        field.value
          ? 'TLS 1.0 and 1.1 are allowed for this proxy. Others may be able to read along.'
          : 'TLS 1.2 or newer is needed.'
      }
    />
  );
}
