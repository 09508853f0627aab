/** Faults of the gateway itself, its folder and its files. */
import { type Faults, inProcess, text } from './fault.ts';

export const gatewayFaults = {
  OUT_OF_SOCKETS: {
    status: 503,
    hop: 'gateway',
    what: () => 'This PC has no sockets left for Sluice.',
    next: () => 'Close connections, or raise the limit of open files for Sluice.',
  },
  CONFIG_NOT_SAVED: {
    status: 507,
    hop: 'gateway',
    what: (d) => `The change could not be saved: ${text(d, 'reason', 'the disk refused')}. Nothing was changed.`,
    next: (d) =>
      typeof d.schema === 'number'
        ? 'Start the newer Sluice, or put a backup from before the upgrade in its place.'
        : 'Check the space and the rights of the data folder, then try again.',
  },
  CONFIG_READ_ONLY: {
    status: 200,
    hop: 'gateway',
    what: (d) => {
      const count = Array.isArray(d.leftOut) ? d.leftOut.length : 0;
      const left = count === 0 ? '' : ` ${count === 1 ? 'One entry is' : `${count} entries are`} left out.`;
      return `A newer Sluice wrote the configuration (schema ${text(d, 'schema', '?')}): what this one understands of it runs, and nothing can be changed.${left}`;
    },
    next: () => 'Start the newer Sluice, or put a backup from before the upgrade in its place.',
  },
  BACKUP_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no backup ${text(d, 'backup', 'of that ID')}; newer ones take the place of older ones.`,
    next: () => 'List the backups and choose another one.',
  },
  CONFIG_RESTORED: {
    status: 200,
    hop: 'gateway',
    what: (d) =>
      `The configuration could not be read. The good copy of ${text(d, 'savedAt', 'an earlier time')} is in use.`,
    next: (d) =>
      typeof d.keptAs === 'string'
        ? `The damaged file is kept as ${d.keptAs}.`
        : 'The file config.json was not there; it may have been removed by hand.',
  },
  CONFIG_UNREADABLE: {
    status: 500,
    hop: 'gateway',
    what: (d) =>
      `The configuration in ${text(d, 'folder', 'the data folder')} could not be read, and there is no good backup. Nothing was changed.`,
    next: () => 'Put a good config.json there, or move the folder away to start afresh.',
  },
  CONFIG_NEWER: {
    status: 500,
    hop: 'gateway',
    what: (d) =>
      `The configuration was written by a newer Sluice (schema ${text(d, 'schema', '?')}). Nothing was changed.`,
    next: () => 'Start the newer Sluice, or restore a backup from before the upgrade.',
  },
  SECRETS_UNREADABLE: {
    status: 500,
    hop: 'gateway',
    what: (d) => `${text(d, 'what', 'Stored credentials')} cannot be used: ${text(d, 'reason', 'unknown reason')}.`,
    next: (d) =>
      d.isSealed === true
        ? 'Start the desktop application as the user who stored them, with the key store unlocked. Where that is lost for good, move secret.sealed away and set the credentials of devices and upstream connections anew.'
        : 'Put secret.key and secrets.json back as they were and start again, or set the credentials of devices and upstream connections anew.',
  },
  KEY_STORE_MISSING: {
    status: 200,
    hop: 'gateway',
    what: (d) =>
      d.isThere === true
        ? `Stored credentials are as safe as the file secret.key: it could not be moved to the key store (${text(d, 'reason', 'unknown reason')}).`
        : 'Stored credentials are as safe as the file secret.key, because this PC has no key store that Sluice can use.',
    next: (d) =>
      d.isThere === true
        ? 'Start Sluice again to try once more. Until then, keep that file out of copies that others can read.'
        : 'Set up a key store such as GNOME Keyring or KWallet and start Sluice again. Until then, keep that file out of copies that others can read.',
  },
  DATA_FOLDER_IN_USE: {
    status: 409,
    hop: 'gateway',
    what: (d) => `The data folder ${text(d, 'folder', '?')} is in use by another Sluice${inProcess(d)}.`,
    next: () => 'Stop the other one, or choose another folder with --data.',
  },
  DATA_FOLDER_UNUSABLE: {
    status: 500,
    hop: 'gateway',
    what: (d) => `The data folder ${text(d, 'folder', '?')} cannot be used: ${text(d, 'reason', 'the disk refused')}.`,
    next: () => 'Check the rights and the space there, or choose another folder with --data.',
  },
  GATEWAY_NOT_RUNNING: {
    status: 503,
    hop: 'gateway',
    what: (d) => `No Sluice is running on the data folder ${text(d, 'folder', '?')}.`,
    next: () => 'Start it with: sluice serve',
  },
  GATEWAY_SILENT: {
    status: 504,
    hop: 'gateway',
    what: (d) => `The Sluice on the data folder ${text(d, 'folder', '?')} runs${inProcess(d)} but does not answer.`,
    next: () => 'It may be very busy. Try again; if it stays silent, start it anew.',
  },
  CONTROL_NOT_OPENED: {
    status: 500,
    hop: 'gateway',
    what: (d) => `The control port could not be opened. ${text(d, 'reason', '')}`.trimEnd(),
    next: () => 'Choose another one with --control; --control 127.0.0.1:0 takes any free port.',
  },
  FILE_UNREADABLE: {
    status: 400,
    hop: 'gateway',
    what: (d) => `${text(d, 'file', 'The file')} could not be read: ${text(d, 'reason', 'unknown reason')}.`,
    next: () => 'Name a file that holds the proxy as JSON, or - for what is piped in.',
  },
  FILE_NOT_WRITTEN: {
    status: 400,
    hop: 'gateway',
    what: (d) => `${text(d, 'file', 'The file')} could not be written: ${text(d, 'reason', 'unknown reason')}.`,
    next: () => 'Name a file that does not exist yet, in a folder that you may write to.',
  },
  INTERNAL: {
    status: 500,
    hop: 'gateway',
    what: () => 'Sluice made a mistake. It is in the log.',
    next: () => 'Try again; if it happens again, send the log to support.',
  },
} as const satisfies Faults;
