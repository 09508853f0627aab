/** Devices: what people may send, what is stored, what is known of a live one, and how the hub does. */
import { z } from 'zod';
import { errorInfo } from './error-info.ts';
import { deviceId, isSeen, UNSEEN, userId } from './name.ts';
import { bothWays, history } from './traffic.ts';

const name = z.string({ error: 'Use text.' }).trim().max(255, 'Use at most 255 characters.').refine(isSeen, UNSEEN);
const description = z
  .string({ error: 'The description must be text.' })
  .max(255, 'Use at most 255 characters.')
  .refine(isSeen, UNSEEN);
const enabled = z.boolean({ error: 'Use true or false.' });
const type = z.literal('Generic', { error: 'Use "Generic".' });

/** What the device logs in with. Kept as a keyed hash and never given back. */
const credentials = z
  .string({ error: 'Credentials are needed.' })
  .min(8, 'Use at least 8 characters; the Random button makes good ones.')
  .max(256, 'Use at most 256 characters.')
  .refine(isSeen, UNSEEN);

/** Set by Sluice. Taken and left unused, so that what was read can be sent as it is. */
const readOnly = {
  created: z.number().optional(),
  modified: z.number().optional(),
  connection: z.unknown().optional(),
};

/** Body of `POST /v1/users/{user}/devices`. */
export const deviceInput = z.strictObject({
  ...readOnly,
  user: userId.optional(),
  device: deviceId,
  credentials,
  name: name.optional(),
  description: description.optional(),
  enabled: enabled.optional(),
  type: type.optional(),
});
export type DeviceInput = z.infer<typeof deviceInput>;

/** Body of `PUT /v1/users/{user}/devices/{device}`: any part. New credentials count from the next login on. */
export const deviceChange = z.strictObject({
  ...readOnly,
  user: userId.optional(),
  device: deviceId.optional(),
  credentials: credentials.optional(),
  name: name.optional(),
  description: description.optional(),
  enabled: enabled.optional(),
  type: type.optional(),
});
export type DeviceChange = z.infer<typeof deviceChange>;

export const userParam = z.object({ user: z.string() });
export const deviceParams = z.object({ user: z.string(), device: z.string() });

/** Which device: IDs are unique within an account. */
export interface DeviceKey {
  readonly user: string;
  readonly device: string;
}

/** `alice/raspi`, as people see it and as pipes name it in `via`. */
export const deviceLabel = ({ user, device }: DeviceKey): string => `${user}/${device}`;

const profileShape = {
  user: userId,
  device: deviceId,
  name,
  description,
  type,
  enabled,
  /** Wall clock, milliseconds. */
  created: z.number(),
  modified: z.number(),
};

/** The stored device. `credentials` is `<salt>.<HMAC-SHA256>`, both base64url. */
export const deviceProfile = z.object({ ...profileShape, credentials: z.string() });
export type DeviceProfile = z.infer<typeof deviceProfile>;

export const deviceTransports = ['tls', 'tcp', 'ws'] as const;
export type DeviceTransport = (typeof deviceTransports)[number];

/** What the hub knows of a device, live or from its last connection. */
export const deviceConnection = z.object({
  active: z.boolean(),
  /** Where it connects from, `10.0.0.9:40122`; null where it was never seen since the gateway started. */
  address: z.string().nullable(),
  transport: z.enum(deviceTransports).nullable(),
  /** Since when online (or offline), wall clock milliseconds. */
  since: z.number().nullable(),
  /** When it was last heard of, wall clock milliseconds; survives a restart of the gateway. */
  lastSeen: z.number().nullable(),
  /** Whether it offers proxy streams; `unknown` until it has described itself. */
  proxying: z.enum(['unknown', 'yes', 'no']),
  /** Open streams. */
  streams: z.number(),
  /** Bytes on the wire since the gateway started: `received` from the device, `sent` to it. */
  bytes: bothWays,
  /** Bytes per second over the last second. */
  rate: bothWays,
  history,
});
export type DeviceConnection = z.infer<typeof deviceConnection>;

/** A device as answers and events carry it: without its credentials. */
export const deviceView = z.object({ ...profileShape, connection: deviceConnection });
export type DeviceView = z.infer<typeof deviceView>;

/** How one listener of the hub does. */
export const hubListener = z.object({
  transport: z.enum(deviceTransports),
  state: z.enum(['off', 'listening', 'fault']),
  /** Where it listens, or would. */
  address: z.string(),
  port: z.number(),
  error: errorInfo.nullable(),
});

/** The hub: its doors, who is in, and who was turned away lately. */
export const hubStatus = z.object({
  listeners: z.array(hubListener),
  online: z.number(),
  /** SHA-256 of the certificate shown on TLS, as `AB:CD:…`; null before there is one. */
  fingerprint: z.string().nullable(),
  /** Newest first, at most 100; the same thing happening again raises `details.times` instead of adding a line. */
  incidents: z.array(errorInfo),
});
export type HubStatus = z.infer<typeof hubStatus>;
