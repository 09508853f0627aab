/** Faults of the audit log. */
import { type Faults, text } from './fault.ts';

export const auditFaults = {
  AUDIT_NOT_WRITTEN: {
    status: 200,
    hop: 'gateway',
    what: (d) => `The audit log cannot be written: ${text(d, 'reason', 'the disk refused')}. Traffic goes on.`,
    next: () => 'Check the space and the rights of the data folder. What is missed until then is counted in the log.',
  },
  AUDIT_BROKEN: {
    status: 200,
    hop: 'gateway',
    what: (d) => `The audit log is not as Sluice left it: ${text(d, 'reason', 'entries are missing')}.`,
    next: () =>
      'Somebody may have changed it, or the disk has lost a part. Keep a copy, and check it with: sluice audit verify',
  },
  AUDIT_NEARLY_FULL: {
    status: 200,
    hop: 'gateway',
    what: (d) => `The audit log has reached ${text(d, 'percent', '80')} % of its size.`,
    next: () =>
      'Export it if you have to keep all of it: it goes to the archive when full, and the oldest archive is removed.',
  },
  AUDIT_UNREADABLE: {
    status: 500,
    hop: 'gateway',
    what: (d) => `The audit log could not be read: ${text(d, 'reason', 'the disk refused')}.`,
    next: () => 'Check the rights of the folder audit in the data folder, then try again.',
  },
} as const satisfies Faults;
