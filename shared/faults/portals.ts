/** Faults of web portals of devices. */
import { type Faults, text } from './fault.ts';

export const portalsFaults = {
  PORTAL_CLOSED: {
    status: 503,
    hop: 'source',
    what: (d) => `The portal ${text(d, 'name', '?')} is closed.`,
    next: () => 'Enable its proxy in Sluice, then open the portal there again.',
  },
  PORTAL_REFUSED: {
    status: 403,
    hop: 'source',
    what: (d) => `The portal ${text(d, 'name', '?')} is not open to this address.`,
    next: () => 'Add the address to the networks that may connect to its proxy.',
  },
  PORTAL_FULL: {
    status: 503,
    hop: 'source',
    what: (d) => `The portal ${text(d, 'name', '?')} has as many connections open as it may have.`,
    next: () => 'Close connections, or raise the limit of its proxy.',
  },
  PORTAL_UNKNOWN: {
    status: 404,
    hop: 'gateway',
    what: () => 'There is no portal at this address.',
    next: () => 'Open portals from the page of their device in Sluice.',
  },
  PORTAL_LOCKED: {
    status: 401,
    hop: 'gateway',
    what: () => 'This portal has to be opened from Sluice, and this page was not or its time is over.',
    next: () => 'Open it again from the page of its device in Sluice.',
  },
  PORTAL_FOREIGN: {
    status: 403,
    hop: 'gateway',
    what: () => 'This request came from a page outside the portal.',
    next: () => 'Open the portal from the page of its device in Sluice.',
  },
  PORTAL_REQUEST: {
    status: 400,
    hop: 'gateway',
    what: (d) => `The portal does not take this request: ${text(d, 'reason', 'it is not proper HTTP')}.`,
    next: () => 'Reload the page. If it happens again, the page of the device does something unusual.',
  },
  PORTAL_ANSWER: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `The answer of ${text(d, 'name', 'the device')} could not be used: ${text(d, 'reason', 'it is not proper HTTP')}.`,
    next: () => 'Check that the target is a web server, and whether it expects SSL/TLS.',
  },
} as const satisfies Faults;
