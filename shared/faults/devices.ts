/** Faults of devices, the hub and upstream connections. */
import { type Faults, lastSeen, seconds, text, times } from './fault.ts';

export const devicesFaults = {
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
} as const satisfies Faults;
