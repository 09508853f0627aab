/** Whether a certificate can do what a profile wants of it. */
import type { CertificateKind, CertificateProfile } from '../../shared/certificate.ts';
import type { Issue } from '../../shared/issue.ts';
import type { CertificateReference } from '../../shared/tls-use.ts';

const fitting: Readonly<Record<CertificateReference['as'], { kinds: readonly CertificateKind[]; words: string }>> = {
  source: { kinds: ['server'], words: 'a server certificate' },
  target: { kinds: ['client', 'server'], words: 'a client certificate' },
  clientCa: { kinds: ['ca', 'trusted'], words: 'a CA' },
  verify: { kinds: ['ca', 'trusted'], words: 'a CA' },
};

/** Undefined where it fits. @param profile  what the reference leads to */
export function usageIssue(
  { certificate, as, path }: CertificateReference,
  profile: CertificateProfile | undefined,
): Issue | undefined {
  if (!profile) return { path, message: `There is no certificate ${certificate}.` };
  const { kinds, words } = fitting[as];
  if (kinds.includes(profile.kind)) return undefined;
  const why = profile.kind === 'request' ? 'still waits for its signature' : `is not ${words}`;
  return { path, message: `Certificate ${certificate} ${why}.` };
}
