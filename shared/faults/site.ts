/** Faults of site bundles and of files of other programs. */
import { type Faults, text } from './fault.ts';

export const siteFaults = {
  BUNDLE_UNREADABLE: {
    status: 422,
    hop: 'gateway',
    what: (d) => `The file cannot be read: ${text(d, 'reason', 'it is damaged')}.`,
    next: () => 'Nothing was changed. Use the file as it was exported, or name its format.',
  },
  BUNDLE_TOO_LARGE: {
    status: 413,
    hop: 'gateway',
    what: (d) => `The bundle is larger than ${text(d, 'most', '5 MiB')}.`,
    next: () => 'Export fewer parts at once.',
  },
  BUNDLE_PASSPHRASE: {
    status: 403,
    hop: 'gateway',
    what: () => 'The passphrase does not open this bundle.',
    next: () => 'Type it again, as it was when the bundle was exported.',
  },
  BUNDLE_SIGNATURE: {
    status: 422,
    hop: 'gateway',
    what: () => 'The signature of this bundle is not right: it was changed after it was made.',
    next: () => 'Nothing was changed. Get the bundle anew from the site that made it.',
  },
  BUNDLE_NOT_TRUSTED: {
    status: 403,
    hop: 'gateway',
    what: () => 'A technician may apply only a bundle that a trusted site has signed, and only by merging it.',
    next: () => 'Ask an administrator to apply it, or to trust the key of the site that made it.',
  },
  IMPORT_UNSEEN: {
    status: 409,
    hop: 'gateway',
    what: () => 'The comparison is missing, or something was changed since it was made.',
    next: () => 'Nothing was changed. Compare again, look at it, then apply.',
  },
  IMPORT_NOT_LAST: {
    status: 409,
    hop: 'gateway',
    what: () => 'There is no import that can be undone: there was none, or something was changed since.',
    next: () => 'Restore a backup instead.',
  },
  SIGNER_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no trusted key ${text(d, 'fingerprint', '?')}.`,
    next: () => 'Look at the list of trusted keys; it may have been removed.',
  },
} as const satisfies Faults;
