/**
 * The catalogue of everything that can go wrong: code → status, hop and human words.
 * Each text says what happened; `next` says what to do about it. `docs/errors.md` is checked against this file.
 */

/** Which part of the way spoke. */
export const hops = ['gateway', 'source', 'device', 'target'] as const;
export type Hop = (typeof hops)[number];

/** Facts that go into the words of a fault: names, numbers, addresses. Never secrets. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

interface Fault {
  /** HTTP status when this fault answers a request. */
  readonly status: number;
  readonly hop: Hop;
  readonly what: (details: ErrorDetails) => string;
  readonly next: (details: ErrorDetails) => string;
}

const text = (details: ErrorDetails, key: string, otherwise: string): string => {
  const value = details[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
};

const seconds = (details: ErrorDetails): string => {
  const ms = details.timeoutMs;
  return typeof ms === 'number' ? `${Math.round(ms / 100) / 10} s` : 'the time allowed';
};

function owner(details: ErrorDetails): string {
  if (typeof details.owner === 'string') return ` by ${details.owner}`;
  if (typeof details.process !== 'string') return ' by another program';
  return ` by ${details.process} (process ${text(details, 'pid', '?')})`;
}

const inProcess = (details: ErrorDetails): string =>
  typeof details.pid === 'number' ? ` (process ${details.pid})` : '';

const lastSeen = (details: ErrorDetails): string =>
  typeof details.lastSeen === 'string' ? ` (last seen ${details.lastSeen})` : '';

const times = (details: ErrorDetails): string =>
  typeof details.times === 'number' && details.times > 1 ? ` (${details.times} times)` : '';

function occupied({ open, max, holder }: ErrorDetails): string {
  if (typeof max !== 'number') return 'the gateway has as many connections as it takes';
  const by = typeof holder !== 'string' ? '' : max === 1 ? ` by ${holder}` : `, the oldest by ${holder}`;
  return `${open} of ${max} connections in use${by}`;
}

/** From where this PC would go to a target; only where that was looked for. */
const way = ({ way: from }: ErrorDetails): string =>
  typeof from === 'string' ? ` This PC goes there from ${from}.` : '';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `3 Nov 2026`, of wall clock milliseconds. */
export function dateText(ms: unknown): string {
  if (typeof ms !== 'number') return 'an unknown day';
  const date = new Date(ms);
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/** Names that a certificate holds, as far as they fit. */
function listed(names: unknown): string {
  const texts = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  if (texts.length === 0) return 'another name';
  return texts.length > 3 ? `${texts.slice(0, 3).join(', ')} and ${texts.length - 3} more` : texts.join(', ');
}

export const faults = {
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
  PIPE_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no pipe ${text(d, 'pipe', '?')}.`,
    next: () => 'It may have ended and left the list of recent pipes.',
  },
  CAPTURE_RUNNING: {
    status: 409,
    hop: 'gateway',
    what: (d) => `The payload of ${text(d, 'what', '?')} is being captured already.`,
    next: () => 'Look at what is captured, or stop that capture first.',
  },
  CAPTURE_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `Nothing was captured of ${text(d, 'what', '?')}.`,
    next: () => 'Arm a capture of it first. Captures are kept until newer ones take their place or Sluice ends.',
  },
  CAPTURES_FULL: {
    status: 409,
    hop: 'gateway',
    what: (d) => `There are ${text(d, 'most', '?')} captures armed, which is the most there can be.`,
    next: () => 'Stop one of them.',
  },
  RECORD_INCOMPLETE: {
    status: 409,
    hop: 'gateway',
    what: (d) =>
      `This record lacks ${text(d, 'bytes', 'some')} bytes that the client sent, so it cannot be sent again.`,
    next: () => 'Record the conversation again from its beginning, with a larger budget.',
  },
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
  DEVICE_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no device ${text(d, 'device', '?')} of the account ${text(d, 'user', '?')}.`,
    next: () => 'Look at the list of devices; it may have been removed.',
  },
  DEVICE_EXISTS: {
    status: 409,
    hop: 'gateway',
    what: (d) => `The account ${text(d, 'user', '?')} has a device with the ID ${text(d, 'device', '?')} already.`,
    next: () => 'Choose another ID.',
  },
  DEVICE_OFFLINE: {
    status: 503,
    hop: 'device',
    what: (d) => `Device ${text(d, 'device', '?')} is not connected${lastSeen(d)}.`,
    next: () => 'The port stays open and will work when the device is back.',
  },
  DEVICE_UNKNOWN: {
    status: 503,
    hop: 'device',
    what: (d) => `No device ${text(d, 'device', '?')} is registered for the account ${text(d, 'user', '?')}.`,
    next: () => 'Add the device, or correct the name. The port stays open and will work when the device is there.',
  },
  DEVICE_CANNOT_PROXY: {
    status: 502,
    hop: 'device',
    what: (d) => `${text(d, 'device', 'The device')} is connected but does not offer proxy streams.`,
    next: () => 'Its client may be too old, or made without the proxy extension.',
  },
  DEVICE_LOST: {
    status: 502,
    hop: 'device',
    what: (d) => `The connection to device ${text(d, 'device', '?')} was lost.`,
    next: () => 'Its pipes were cut. New ones work when the device is back.',
  },
  DEVICE_SILENT: {
    status: 504,
    hop: 'device',
    what: (d) =>
      `${text(d, 'device', 'The device')} did not say within ${seconds(d)} whether it reached ${text(d, 'address', 'the target')}:${text(d, 'port', '?')}.`,
    next: () => 'The target may be off, or expect the opposite setting of SSL/TLS.',
  },
  DEVICE_TARGET_FAILED: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `${text(d, 'device', 'The device')} tried ${text(d, 'address', 'the target')}:${text(d, 'port', '?')} and reported: ${text(d, 'reason', 'no reason')}.`,
    next: () => 'Check the target from the network of the device.',
  },
  DEVICE_BUSY: {
    status: 503,
    hop: 'device',
    what: (d) => `Device ${text(d, 'device', '?')} has as many pipes open as it may have (${text(d, 'most', '1024')}).`,
    next: () => 'Close pipes of this device.',
  },
  DEVICE_TURNED_AWAY: {
    status: 403,
    hop: 'device',
    what: (d) =>
      `A device calling itself ${text(d, 'device', '?')} was turned away: ${text(d, 'reason', 'wrong credentials')}${times(d)}.`,
    next: (d) => text(d, 'advice', 'Give the device the credentials that were set here, or set new ones.'),
  },
  DEVICE_REPLACED: {
    status: 409,
    hop: 'device',
    what: (d) =>
      `Device ${text(d, 'device', '?')} logged in again from ${text(d, 'address', 'another address')}; its earlier connection was closed${times(d)}.`,
    next: () => 'If this repeats, two devices use the same ID and credentials.',
  },
  DEVICE_BROKE_RULES: {
    status: 400,
    hop: 'device',
    what: (d) =>
      `The connection ${text(d, 'device', '') === '' ? `from ${text(d, 'address', '?')}` : `of device ${text(d, 'device', '')}`} was closed: ${text(d, 'reason', 'it does not speak IoTMP')}${times(d)}.`,
    next: () => 'Check the client of that device, or what else connects to this port.',
  },
  PLUGIN_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no plugin ${text(d, 'plugin', '?')} of the account ${text(d, 'user', '?')}.`,
    next: () => 'Look at the list of plugins; it may have been removed.',
  },
  PLUGIN_EXISTS: {
    status: 409,
    hop: 'gateway',
    what: (d) => `The account ${text(d, 'user', '?')} has a plugin with the ID ${text(d, 'plugin', '?')} already.`,
    next: () => 'Choose another ID.',
  },
  PLUGIN_IN_USE: {
    status: 409,
    hop: 'gateway',
    what: (d) => `Plugin ${text(d, 'plugin', '?')} is the target of ${text(d, 'proxies', 'a proxy')}.`,
    next: () => 'Remove these proxies first, or give them another target.',
  },
  PLUGIN_NOT_RUN_HERE: {
    status: 409,
    hop: 'gateway',
    what: (d) => `Plugin ${text(d, 'plugin', '?')} is not run by Sluice, which only looks whether it answers.`,
    next: () => 'Start and stop it where it is run, or give it a command in Sluice.',
  },
  PLUGIN_UNKNOWN: {
    status: 503,
    hop: 'target',
    what: (d) => `No plugin ${text(d, 'plugin', '?')} is registered for the account ${text(d, 'user', '?')}.`,
    next: () => 'Add the plugin, or correct the target. The port stays open and will work when the plugin is there.',
  },
  PLUGIN_STOPPED: {
    status: 503,
    hop: 'target',
    what: (d) => `Plugin ${text(d, 'name', text(d, 'plugin', '?'))} is not running on this PC.`,
    next: () => 'Start it. The port stays open and will work when the plugin runs.',
  },
  PLUGIN_NOT_ANSWERING: {
    status: 504,
    hop: 'target',
    what: (d) =>
      `Plugin ${text(d, 'name', text(d, 'plugin', '?'))} does not answer on ${text(d, 'address', '?')}:${text(d, 'port', '?')}: ${text(d, 'reason', 'nothing listens there')}.`,
    next: () => 'Read what it wrote last, and check that it listens on this port.',
  },
  PLUGIN_CRASHED: {
    status: 503,
    hop: 'target',
    what: (d) =>
      `Plugin ${text(d, 'name', text(d, 'plugin', '?'))} ended by itself (${text(d, 'reason', 'no reason')}).`,
    next: (d) =>
      d.isFinal === true
        ? 'Read what it wrote last, then start it again.'
        : 'Read what it wrote last. It is started again by itself.',
  },
  PLUGIN_NOT_STARTED: {
    status: 503,
    hop: 'target',
    what: (d) =>
      `Plugin ${text(d, 'name', text(d, 'plugin', '?'))} could not be started: ${text(d, 'reason', 'unknown reason')}.`,
    next: () => 'Check its command, its working folder and their rights.',
  },
  PLUGIN_NO_CONTAINER: {
    status: 503,
    hop: 'target',
    what: (d) => `Docker has no container ${text(d, 'container', '?')}.`,
    next: () => 'Make the container, or choose another one for this plugin.',
  },
  DOCKER_UNREACHABLE: {
    status: 503,
    hop: 'gateway',
    what: (d) => `Docker cannot be asked: ${text(d, 'reason', 'it does not answer')}.`,
    next: () => 'Start Docker, and give the account that Sluice runs as the right to use its socket.',
  },
  HUB_BUSY: {
    status: 503,
    hop: 'gateway',
    what: (d) => `Connections were turned away before login: ${text(d, 'reason', 'too many at once')}${times(d)}.`,
    next: () => 'If this goes on, look at the addresses that connect.',
  },
  AGENT_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no upstream connection ${text(d, 'agent', '?')}.`,
    next: () => 'Look at the settings; it may have been removed.',
  },
  AGENT_REFUSED: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `${text(d, 'host', 'The server')} refused the login as ${text(d, 'user', '?')}/${text(d, 'device', '?')}.`,
    next: () => 'Check username, device and credentials.',
  },
  AGENT_UNREACHABLE: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `${text(d, 'host', 'The server')}:${text(d, 'port', '?')} could not be reached: ${text(d, 'reason', 'no answer')}.`,
    next: () => 'Check the address, the network and whether the server runs. It is tried again by itself.',
  },
  AGENT_CERTIFICATE: {
    status: 502,
    hop: 'target',
    what: (d) =>
      `The certificate of ${text(d, 'host', 'the server')} was not accepted: ${text(d, 'reason', 'it is not trusted')}.`,
    next: (d) =>
      typeof d.fingerprint === 'string'
        ? `If this is the right server, pin its certificate: pin:${d.fingerprint}`
        : 'Check the name of the server and the clock of this PC, or pin the certificate.',
  },
  AGENT_LOST: {
    status: 502,
    hop: 'target',
    what: (d) => `The connection to ${text(d, 'host', 'the server')} ended: ${text(d, 'reason', 'it was closed')}.`,
    next: () => 'It is tried again by itself.',
  },
  DATAGRAM_TOO_LARGE: {
    status: 502,
    hop: 'target',
    what: (d) => `A datagram was too large for the way to ${text(d, 'address', 'the target')} and was dropped.`,
    next: () => 'Let the sender use smaller datagrams.',
  },
  DECODER_FAILED: {
    status: 422,
    hop: 'gateway',
    what: (d) => `The decoder could not read this traffic: ${text(d, 'reason', 'it failed')}.`,
    next: () => 'Look at it as hex.',
  },
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
    next: () => 'Check the space and the rights of the data folder, then try again.',
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
} as const satisfies Record<string, Fault>;

export type ErrorCode = keyof typeof faults;

/** A fault as it is shown and stored: code, words, next step. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
  readonly hop: Hop;
  /** Wall clock, milliseconds. */
  readonly at: number;
  readonly details: ErrorDetails;
}

/** The one error that parts of Sluice throw at each other. The cause stays for the log and never leaves the gateway. */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(faults[code].what(details), options);
    this.name = 'SluiceError';
    this.code = code;
    this.details = details;
  }

  get next(): string {
    return faults[this.code].next(this.details);
  }

  get status(): number {
    return faults[this.code].status;
  }

  /** @param at wall clock in milliseconds at which it happened */
  info(at: number): ErrorInfo {
    return {
      code: this.code,
      message: this.message,
      next: this.next,
      hop: faults[this.code].hop,
      at,
      details: this.details,
    };
  }
}

/** Anything thrown, as a SluiceError; what is not one of ours is a mistake of Sluice and stays the cause. */
export function asSluiceError(thrown: unknown): SluiceError {
  return thrown instanceof SluiceError ? thrown : new SluiceError('INTERNAL', {}, { cause: thrown });
}
