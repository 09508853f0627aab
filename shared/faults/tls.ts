/** Faults of TLS on either leg. */
import { dateText, type Faults, listed, seconds, text, times } from './fault.ts';

export const tlsFaults = {
  TLS_PLAIN_ANSWER: {
    status: 502,
    hop: 'target',
    what: (d) => `We spoke TLS, ${text(d, 'address', 'the target')} answered in plain text.`,
    next: () => 'Switch SSL/TLS off for the target.',
  },
  TLS_SILENT: {
    status: 504,
    hop: 'target',
    what: (d) =>
      `${text(d, 'address', 'The target')} took the connection but did not answer in TLS within ${seconds(d)}.`,
    next: () => 'It may expect no SSL/TLS on this port.',
  },
  TLS_CLOSED: {
    status: 502,
    hop: 'target',
    what: (d) => `${text(d, 'address', 'The target')} closed the connection before TLS was agreed.`,
    next: () => 'It may expect no SSL/TLS on this port, allow only certain clients, or be starting up.',
  },
  TLS_UNKNOWN_ISSUER: {
    status: 502,
    hop: 'target',
    what: (d) =>
      typeof d.ca === 'string'
        ? `The target's certificate is signed by ${text(d, 'issuer', 'somebody')}, not by the CA ${d.ca} that was chosen for it.`
        : `The target's certificate is signed by ${text(d, 'issuer', 'somebody')}, which this PC does not trust.`,
    next: () => 'If that is right, trust this CA, or pin this certificate.',
  },
  TLS_SELF_SIGNED: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `The certificate of ${text(d, 'address', 'the target')} is signed by itself, so nobody vouches for it.`,
    next: () => 'If its fingerprint is the one that the target shows elsewhere, pin this certificate.',
  },
  TLS_EXPIRED: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `The certificate of ${text(d, 'address', 'the target')} ended on ${dateText(d.notAfter)}. This PC's clock says ${dateText(d.now)}.`,
    next: (d) => text(d, 'clock', 'Renew the certificate of the target, or pin this one.'),
  },
  TLS_NOT_YET_VALID: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `The certificate of ${text(d, 'address', 'the target')} begins on ${dateText(d.notBefore)}. This PC's clock says ${dateText(d.now)}.`,
    next: (d) =>
      text(d, 'clock', 'Check the clocks of this PC and of the one that issued it, or pin this certificate.'),
  },
  TLS_WRONG_NAME: {
    status: 502,
    hop: 'target',
    what: (d) => `The certificate is for ${listed(d.names)}, not for ${text(d, 'wanted', 'the target')}.`,
    next: () => 'Use that name for the target, or pin this certificate.',
  },
  TLS_PIN_MISMATCH: {
    status: 502,
    hop: 'target',
    what: (d) => `${text(d, 'address', 'The target')} shows another certificate than the one that is pinned.`,
    next: (d) => `If it was renewed, pin the new one: ${text(d, 'fingerprint', 'its fingerprint')}`,
  },
  TLS_OLD_ONLY: {
    status: 502,
    hop: 'target',
    what: (d) => `${text(d, 'address', 'The target')} offers only TLS that is older than 1.2.`,
    next: () => 'Update the target, or allow old TLS for this proxy.',
  },
  TLS_CLIENT_REFUSED: {
    status: 502,
    hop: 'target',
    what: (d) =>
      typeof d.certificate === 'string'
        ? `${text(d, 'address', 'The target')} did not accept the client certificate ${d.certificate}: ${text(d, 'reason', 'it gave no reason')}.`
        : `${text(d, 'address', 'The target')} wants a client certificate.`,
    next: () => 'Choose a client certificate that the target accepts.',
  },
  TLS_FAILED: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `TLS with ${text(d, 'address', 'the target')} could not be agreed: ${text(d, 'reason', 'unknown reason')}.`,
    next: () => 'Check the certificate and the TLS settings of the target.',
  },
  TLS_CLIENT_REJECTED: {
    status: 403,
    hop: 'source',
    what: (d) => `Rejected ${text(d, 'address', 'a client')}: ${text(d, 'reason', 'TLS was not agreed')}${times(d)}.`,
    next: (d) => text(d, 'advice', 'Check the TLS settings of that client.'),
  },
} as const satisfies Faults;
