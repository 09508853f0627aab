/** Faults of requests that cannot be answered. */
import { type Faults, text } from './fault.ts';

export const requestsFaults = {
  BAD_REQUEST: {
    status: 400,
    hop: 'gateway',
    what: (d) => text(d, 'reason', 'Some of the values cannot be used.'),
    next: () => 'Correct the fields named and send it again.',
  },
  UNAUTHORIZED: {
    status: 401,
    hop: 'gateway',
    what: () => 'This needs a valid token.',
    next: () => 'Use the token in the file control-token of the data folder.',
  },
  FORBIDDEN: {
    status: 403,
    hop: 'gateway',
    what: () => 'Your role does not allow this.',
    next: () => 'Ask an administrator.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    hop: 'gateway',
    what: () => 'This request came from a page or host name that is not Sluice.',
    next: () => 'Open the address that Sluice printed when it started.',
  },
  NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: () => 'There is nothing at this address.',
    next: () => 'GET /openapi.json lists what there is.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    hop: 'gateway',
    what: (d) => `${text(d, 'method', 'This method')} cannot be used here.`,
    next: () => 'GET /openapi.json lists what there is.',
  },
  TOO_LARGE: {
    status: 413,
    hop: 'gateway',
    what: () => 'The request is larger than 1 MiB.',
    next: () => 'Send less at once.',
  },
} as const satisfies Faults;
