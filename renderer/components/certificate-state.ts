/** Words for how a certificate does. */
import type { CertificateState } from '../../shared/certificate.ts';

export const certificateStateText: Readonly<Record<CertificateState, string>> = {
  good: 'good',
  ends_soon: 'ends soon',
  ended: 'ended',
  not_yet: 'not valid yet',
  waiting: 'waits for its signature',
};
