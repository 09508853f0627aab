/** Faults of logins, users and tokens. */
import { type Faults, text } from './fault.ts';

export const accessFaults = {
  LOCKED: {
    status: 423,
    hop: 'gateway',
    what: () => 'Sluice is locked.',
    next: () => 'Unlock it with the password of a user.',
  },
  LOGIN_REFUSED: {
    status: 401,
    hop: 'gateway',
    what: () => 'Name and password do not fit.',
    next: () => 'Try again. An administrator can set another password.',
  },
  LOGIN_DELAYED: {
    status: 429,
    hop: 'gateway',
    what: (d) => `There were too many wrong passwords. The next one is looked at in ${text(d, 'seconds', 'some')} s.`,
    next: () => 'Wait that long, then try again.',
  },
  USER_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no user ${text(d, 'name', '?')}.`,
    next: () => 'Look at the list of users; it may have been removed.',
  },
  USER_EXISTS: {
    status: 409,
    hop: 'gateway',
    what: (d) => `A user ${text(d, 'name', '?')} exists already.`,
    next: () => 'Choose another name.',
  },
  LAST_ADMINISTRATOR: {
    status: 409,
    hop: 'gateway',
    what: (d) => `${text(d, 'name', 'This user')} is the only administrator.`,
    next: () => 'Make somebody else administrator first.',
  },
  TOKEN_EXISTS: {
    status: 409,
    hop: 'gateway',
    what: (d) => `A token ${text(d, 'name', '?')} exists already.`,
    next: () => 'Choose another name, or revoke that one first.',
  },
  TOKEN_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no token ${text(d, 'name', '?')}.`,
    next: () => 'Look at the list of tokens; it may have been revoked.',
  },
  ACCESS_UNREADABLE: {
    status: 500,
    hop: 'gateway',
    what: (d) => `The file access.json, which holds the users, cannot be read: ${text(d, 'reason', 'it is damaged')}.`,
    next: () =>
      'Pages stay locked. Put the file back, or make a new administrator with `sluice users add`; the file is then replaced.',
  },
} as const satisfies Faults;
