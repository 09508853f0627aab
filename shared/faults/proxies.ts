/** Faults of profiles, their source port and their target. */
import { type Faults, occupied, owner, seconds, text, times, way } from './fault.ts';

export const proxiesFaults = {
  PROXY_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no proxy with the ID ${text(d, 'proxy', '?')}.`,
    next: () => 'Look at the list of proxies; it may have been removed.',
  },
  PROXY_EXISTS: {
    status: 409,
    hop: 'gateway',
    what: (d) => `A proxy with the ID ${text(d, 'proxy', '?')} exists already.`,
    next: () => 'Choose another ID.',
  },
  PORT_IN_USE: {
    status: 409,
    hop: 'source',
    what: (d) => `Port ${text(d, 'port', '?')} is already taken${owner(d)}.`,
    next: (d) => {
      const change = d.isHub === true ? 'give the hub another port in the settings' : 'let this proxy use another port';
      return typeof d.owner === 'string'
        ? `${change[0]?.toUpperCase()}${change.slice(1)}.`
        : `Close that program, or ${change}.`;
    },
  },
  PORT_NOT_ALLOWED: {
    status: 409,
    hop: 'source',
    what: (d) => `Port ${text(d, 'port', '?')} needs extra rights on this system. Ports from 1024 up do not.`,
    next: () => 'Use a port from 1024 up, or give Sluice the right to open low ports.',
  },
  PORT_RESERVED: {
    status: 409,
    hop: 'source',
    what: (d) =>
      `Windows has set aside ports ${text(d, 'from', '?')}–${text(d, 'to', '?')} for itself. No program is using ${text(d, 'port', '?')}.`,
    next: () => 'Use a port outside of them. `netsh int ipv4 show excludedportrange tcp` lists all such ranges.',
  },
  ADDRESS_GONE: {
    status: 409,
    hop: 'source',
    what: (d) => `This PC does not have the address ${text(d, 'address', '?')} now.`,
    next: () => 'The network card may be unplugged or have a new address. Choose another address, or wait for it.',
  },
  LISTEN_FAILED: {
    status: 409,
    hop: 'source',
    what: (d) => `Port ${text(d, 'port', '?')} could not be opened: ${text(d, 'reason', 'unknown reason')}.`,
    next: () => 'Choose another port or address.',
  },
  NO_FREE_PORT: {
    status: 409,
    hop: 'source',
    what: (d) => `No port from ${text(d, 'from', '?')} to ${text(d, 'to', '?')} is free.`,
    next: () => 'Type a port, or widen the range in Settings.',
  },
  TARGET_REFUSED: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `${text(d, 'address', 'The target')} answered, but nothing is listening on port ${text(d, 'port', '?')} there.`,
    next: () => 'Start the service on the target, or correct the target port.',
  },
  TARGET_TIMEOUT: {
    status: 504,
    hop: 'target',
    what: (d) => `${text(d, 'address', 'The target')} did not answer within ${seconds(d)}.`,
    next: (d) => `It may be off, on another network, or blocking this PC.${way(d)}`,
  },
  TARGET_UNREACHABLE: {
    status: 502,
    hop: 'target',
    what: (d) => `This PC has no way to ${text(d, 'address', 'the target')}.`,
    next: (d) => `It may be off or on another network. Check cables, addresses and routes.${way(d)}`,
  },
  NAME_NOT_FOUND: {
    status: 502,
    hop: 'target',
    what: (d) => `The name ${text(d, 'address', '?')} could not be found from this PC.`,
    next: () => 'Correct the name, or use an address.',
  },
  TARGET_RESET: {
    status: 502,
    hop: 'target',
    what: (d) => `${text(d, 'address', 'The target')} cut the connection before it was made.`,
    next: () => 'It may allow only certain clients, or be starting up.',
  },
  TARGET_FAILED: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `The connection to ${text(d, 'address', 'the target')} failed: ${text(d, 'reason', 'unknown reason')}.`,
    next: () => 'Check the target.',
  },
  TARGET_CLOSES: {
    status: 502,
    hop: 'target',
    what: (d) => `${text(d, 'address', 'The target')} closed the connection at once, without a word.`,
    next: () => 'Check SSL/TLS: it may expect the opposite setting, or allow only certain clients.',
  },
  TARGET_IS_SOURCE: {
    status: 400,
    hop: 'target',
    what: (d) =>
      `The target ${text(d, 'address', '?')}:${text(d, 'port', '?')} is a port of Sluice itself (${text(d, 'owner', 'a proxy')}). The pipe would feed itself.`,
    next: () => 'Choose the address and port of the real service.',
  },
  CLIENT_NOT_ALLOWED: {
    status: 403,
    hop: 'source',
    what: (d) => `${text(d, 'address', 'A client')} is not on the list of this proxy${times(d)}.`,
    next: () => 'Add it to the allowed networks, if it may come in.',
  },
  CLIENT_OVER_LIMIT: {
    status: 503,
    hop: 'source',
    what: (d) => `${text(d, 'address', 'A client')} was turned away${times(d)}: ${text(d, 'reason', occupied(d))}.`,
    next: (d) =>
      typeof d.max === 'number'
        ? 'End one of them, or raise the limit of this proxy.'
        : 'Try again later, or end connections that nobody needs.',
  },
  DATAGRAM_TOO_LARGE: {
    status: 502,
    hop: 'target',
    what: (d) => `A datagram was too large for the way to ${text(d, 'address', 'the target')} and was dropped.`,
    next: () => 'Let the sender use smaller datagrams.',
  },
} as const satisfies Faults;
