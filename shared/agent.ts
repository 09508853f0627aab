/** Upstream connections: this gateway as a device of a Thinger.io server or of another gateway's hub. */
import { z } from 'zod';
import { isHostName, isIpAddress, parseHostPort } from './address.ts';
import { deviceTransports } from './device.ts';
import { errorInfo } from './error-info.ts';
import { agentId, deviceId, isSeen, UNSEEN, userId } from './name.ts';
import { bothWays } from './traffic.ts';

const enabled = z.boolean({ error: 'Use true or false.' });
const host = z
  .string({ error: 'A host is needed.' })
  .refine(
    (text) => isHostName(text) || isIpAddress(text),
    'Use a host name or an IP address, without port or http://.',
  );
const port = z
  .int({ error: 'Use a whole number from 1 to 65535.' })
  .min(1, 'Use a port from 1 to 65535.')
  .max(65535, 'Use a port from 1 to 65535.');
const transport = z.enum(deviceTransports, { error: 'Use tls, tcp or ws.' });
const verify = z
  .string({ error: 'Use system or pin:<sha256>.' })
  .regex(
    /^(system|pin:([0-9a-f]{64}|([0-9A-F]{2}:){31}[0-9A-F]{2}))$/i,
    'Use system or pin:<sha256 of the certificate>.',
  );
const credentials = z
  .string({ error: 'Credentials are needed.' })
  .min(1, 'Credentials are needed.')
  .max(256, 'Use at most 256 characters.')
  .refine(isSeen, UNSEEN);

/** Where the other side may lead streams: `127.0.0.1:80`, `10.0.0.0/24:502`, `plc.local:*`. Empty allows nothing. */
const allow = z
  .array(
    z
      .string({ error: 'Use text.' })
      .refine(
        (text) => parseHostPort(text) !== undefined,
        'Use host:port, network:port or host:*, such as 10.0.0.0/24:502.',
      ),
    { error: 'Use a list.' },
  )
  .max(256, 'Use at most 256 entries.');

/** The stored upstream connection; its credentials are sealed elsewhere. */
export const agentProfile = z.object({
  agent: agentId,
  enabled,
  host,
  port,
  transport,
  /** `system`: trusted by this PC and made for `host`; `pin:<sha256>`: exactly this certificate. */
  verify,
  user: userId,
  device: deviceId,
  allow,
});
export type AgentProfile = z.infer<typeof agentProfile>;

/** An entry of `agents` in `PUT /v1/settings`. The list replaces the present one; left out credentials stay. */
export const agentInput = z.strictObject({
  agent: agentId,
  enabled: enabled.optional(),
  host,
  port: port.optional(),
  transport: transport.optional(),
  verify: verify.optional(),
  user: userId,
  device: deviceId,
  credentials: credentials.optional(),
  allow: allow.optional(),
  /** Given by `GET`; taken and left unused. */
  hasCredentials: z.boolean().optional(),
});
export type AgentInput = z.infer<typeof agentInput>;

/** What `GET /v1/settings` shows. */
export const agentSetting = z.object({ ...agentProfile.shape, hasCredentials: z.boolean() });
export type AgentSetting = z.infer<typeof agentSetting>;

/** Ports that IoTMP servers have by custom (docs/iotmp.md §1). */
export const iotmpPorts = { tls: 25206, tcp: 25204, ws: 443 } as const;

/** How an upstream connection does. */
export const agentView = z.object({
  agent: agentId,
  state: z.enum(['disabled', 'connecting', 'online', 'waiting']),
  /** Wall clock, milliseconds. */
  since: z.number(),
  /** Why the last try failed. */
  error: errorInfo.nullable(),
  /** When it is tried again, wall clock milliseconds. */
  retryAt: z.number().nullable(),
  streams: z.number(),
  /** Streams that were refused because no entry of `allow` permits their target. */
  refused: z.number(),
  /** Bytes on the wire: `received` from the server, `sent` to it. */
  bytes: bothWays,
});
export type AgentView = z.infer<typeof agentView>;
