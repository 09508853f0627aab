/** Faults of the certificate desk. */
import { dateText, type Faults, text } from './fault.ts';

export const certificatesFaults = {
  CERTIFICATE_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no certificate ${text(d, 'certificate', '?')}.`,
    next: () => 'Look at the list of certificates; it may have been removed.',
  },
  CERTIFICATE_EXISTS: {
    status: 409,
    hop: 'gateway',
    what: (d) => `There is a certificate with the ID ${text(d, 'certificate', '?')} already.`,
    next: () => 'Choose another ID.',
  },
  CERTIFICATE_IN_USE: {
    status: 409,
    hop: 'gateway',
    what: (d) => `Certificate ${text(d, 'certificate', '?')} is used by ${text(d, 'users', 'something')}.`,
    next: () => 'Give these another certificate first.',
  },
  CERTIFICATE_FIXED: {
    status: 409,
    hop: 'gateway',
    what: (d) =>
      `This cannot be done with certificate ${text(d, 'certificate', '?')}: ${text(d, 'reason', 'it is kept by Sluice itself')}.`,
    next: () => 'Choose another certificate, or issue one for this purpose.',
  },
  CERTIFICATE_UNUSABLE: {
    status: 503,
    hop: 'gateway',
    what: (d) => `Certificate ${text(d, 'certificate', '?')} cannot be used: ${text(d, 'reason', 'unknown reason')}.`,
    next: () => 'Import it again with its key, or choose another one for this proxy.',
  },
  CERTIFICATE_OUT_OF_DATE: {
    status: 503,
    hop: 'gateway',
    what: (d) =>
      Number(d.now) < Number(d.notBefore)
        ? `Certificate ${text(d, 'certificate', '?')} begins on ${dateText(d.notBefore)}. This PC's clock says ${dateText(d.now)}.`
        : `Certificate ${text(d, 'certificate', '?')} ended on ${dateText(d.notAfter)}. This PC's clock says ${dateText(d.now)}.`,
    next: (d) => text(d, 'clock', 'Renew it, or choose another one for this proxy.'),
  },
  CLOCK_DOUBTED: {
    status: 200,
    hop: 'gateway',
    what: (d) => text(d, 'doubt', 'The clock of this PC is likely wrong.'),
    next: () => 'A wrong clock makes good certificates look bad, and bad ones good.',
  },
  CERTIFICATE_ENDS: {
    status: 200,
    hop: 'gateway',
    what: (d) => {
      const others = Number(d.others) > 0 ? `, and ${d.others} more have ended or end soon` : '';
      return `Certificate ${text(d, 'name', '?')} ${d.isOver === true ? 'ended' : 'ends'} on ${dateText(d.notAfter)}${others}.`;
    },
    next: (d) => {
      if (Number(d.others) > 0) return 'Look at the certificates: renew or replace those that are needed.';
      const mend = d.isImported === true ? 'Replace it' : 'Renew it';
      return typeof d.users === 'string'
        ? `${mend}: it is used by ${d.users}.`
        : `${mend}, or remove it if nobody needs it.`;
    },
  },
} as const satisfies Faults;
