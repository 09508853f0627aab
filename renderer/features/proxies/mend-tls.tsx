/** Buttons for what is wrong with TLS to a target: what mends it, after it was shown. */
import Button from '@mui/material/Button';
import { useState } from 'react';
import type { ErrorDetails } from '../../../shared/errors.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { Dialog } from '../../components/dialog.tsx';
import { formatExact } from '../../components/format.ts';
import { navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { withTargetTls } from '../../components/repair.ts';
import styles from './mend-tls.module.css';
import { useUpdateProxy } from './proxy-calls.ts';

interface MendTlsProps {
  view: ProxyView;
  /** Code of the catalogue and what goes with it. */
  fault: { readonly code: string; readonly details: ErrorDetails };
  /** The proxy was changed: how it does now can be tested. */
  onMended: () => void;
}

/** Codes after which the shown certificate may be pinned. */
const pinnable: ReadonlySet<string> = new Set([
  'TLS_UNKNOWN_ISSUER',
  'TLS_SELF_SIGNED',
  'TLS_WRONG_NAME',
  'TLS_EXPIRED',
  'TLS_NOT_YET_VALID',
  'TLS_PIN_MISMATCH',
]);

export function MendTls({ view, fault: { code, details }, onMended }: MendTlsProps) {
  /** As it was shown when the box was opened: what is compared must not change under the eyes. */
  const [pinning, setPinning] = useState<ErrorDetails>();
  const update = useUpdateProxy();
  const change = (tls: Parameters<typeof withTargetTls>[1]) =>
    update.mutate({ proxy: view.proxy, body: { config: withTargetTls(view.config, tls) } }, { onSuccess: onMended });
  const { protocol, target } = view.config;
  const [name] = Array.isArray(details.names) ? details.names : [];
  const canPin = pinnable.has(code) && typeof details.fingerprint === 'string';
  return (
    <>
      {code === 'TLS_PLAIN_ANSWER' && (
        <MayButton may="proxies.update" loading={update.isPending} onClick={() => change({ secure: false })}>
          Switch off and test
        </MayButton>
      )}
      {code === 'TARGET_CLOSES' && protocol === 'tcp' && (
        <MayButton
          may="proxies.update"
          loading={update.isPending}
          onClick={() => change({ secure: target.secure !== true })}
        >
          {target.secure ? 'Try without TLS' : 'Try with TLS'}
        </MayButton>
      )}
      {code === 'TLS_OLD_ONLY' && (
        <MayButton may="proxies.update" loading={update.isPending} onClick={() => change({ oldTls: true })}>
          Allow old TLS for this proxy
        </MayButton>
      )}
      {code === 'TLS_WRONG_NAME' && typeof name === 'string' && !name.includes('*') && (
        <MayButton may="proxies.update" loading={update.isPending} onClick={() => change({ serverName: name })}>
          Use the name {name}
        </MayButton>
      )}
      {code === 'TLS_UNKNOWN_ISSUER' && <Button onClick={() => navigate('/certificates/trust')}>Trust its CA…</Button>}
      {canPin && (
        <MayButton may="proxies.update" onClick={() => setPinning(details)}>
          Show and pin this certificate…
        </MayButton>
      )}
      {code.startsWith('CERTIFICATE_') && <Button onClick={() => navigate('/certificates')}>Open certificates</Button>}
      {pinning && (
        <PinDialog
          details={pinning}
          isPending={update.isPending}
          onClose={() => setPinning(undefined)}
          onPin={() => {
            setPinning(undefined);
            change({ verify: `pin:${pinning.fingerprint}`, serverName: null });
          }}
        />
      )}
    </>
  );
}

interface PinDialogProps {
  details: ErrorDetails;
  isPending: boolean;
  onClose: () => void;
  onPin: () => void;
}

function PinDialog({ details, isPending, onClose, onPin }: PinDialogProps) {
  const { subject, issuer, names, notBefore, notAfter, fingerprint } = details;
  const day = (ms: unknown): string => (typeof ms === 'number' ? formatExact(ms) : '–');
  const facts: readonly (readonly [string, string])[] = [
    ['Subject', String(subject ?? '–')],
    ['Signed by', String(issuer ?? '–')],
    ['Names', Array.isArray(names) && names.length > 0 ? names.join(', ') : '–'],
    ['Begins', day(notBefore)],
    ['Ends', day(notAfter)],
    ['SHA-256', String(fingerprint ?? '–')],
  ];
  return (
    <Dialog
      title="Take this certificate?"
      onClose={onClose}
      foot={
        <>
          <Button variant="contained" color="primary" loading={isPending} onClick={onPin}>
            Pin it
          </Button>
          <Button autoFocus onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        Compare the fingerprint with the one that the target shows itself. Pinned, exactly this certificate is taken,
        whatever its dates, names and issuer are; another one is refused.
      </p>
      <dl className={styles.facts}>
        {facts.map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
