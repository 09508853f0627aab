/** The proxy profile: what people may send, what is stored, and how the first becomes the second. */
import { z } from 'zod';
import { hostAndPort, isAuthority, isClientRule, isHostName, isIpAddress } from './address.ts';
import type { DeviceKey } from './device.ts';
import { deviceId, isSeen, type PluginKey, pluginId, proxyId, UNSEEN, userId } from './name.ts';
import { schedule } from './schedule.ts';
import { tags } from './tag.ts';
import {
  completeSourceTls,
  completeTargetTls,
  needsSecure,
  sentSourceTls,
  sentTargetTls,
  sourceTls,
  targetTls,
} from './tls.ts';

export const protocols = ['tcp', 'udp', 'tcp+udp', 'tcp_iotmp', 'http_iotmp'] as const;
export type Protocol = (typeof protocols)[number];

const name = z
  .string({ error: 'A name is needed.' })
  .trim()
  .min(1, 'A name is needed.')
  .max(255, 'Use at most 255 characters.')
  .refine(isSeen, UNSEEN);
const description = z
  .string({ error: 'The description must be text.' })
  .max(255, 'Use at most 255 characters.')
  .refine(isSeen, UNSEEN);
const enabled = z.boolean({ error: 'Use true or false.' });

export const port = z
  .int({ error: 'Use a whole number from 1 to 65535.' })
  .min(1, 'Use a port from 1 to 65535.')
  .max(65535, 'Use a port from 1 to 65535.');

export const listenAddress = z
  .string({ error: 'An address is needed.' })
  .refine(isIpAddress, 'Use an IP address of this PC, 127.0.0.1 for this PC only, or 0.0.0.0 for all addresses.');

export const targetAddress = z
  .string({ error: 'A target address is needed.' })
  .min(1, 'A target address is needed.')
  .refine(
    (text) => text === '' || isHostName(text) || isIpAddress(text),
    'Use a host name or an IP address, without port or http://.',
  );

const allow = z
  .array(
    z
      .string({ error: 'Use text.' })
      .refine(isClientRule, 'Use an address or a network such as 192.168.1.0/24, or !192.168.1.31 to keep one out.'),
    {
      error: 'Use a list of networks.',
    },
  )
  .max(256, 'Use at most 256 networks.');

/** What a time limit may be, milliseconds. */
export const timeoutRange = { min: 100, max: 7 * 24 * 3_600_000 } as const;
const timeoutMs = z
  .int({ error: 'Use a whole number of milliseconds.' })
  .min(timeoutRange.min, 'Use at least 100 milliseconds.')
  .max(timeoutRange.max, 'Use at most 7 days.');
const maxPipes = z
  .int({ error: 'Use a whole number, 0 for no limit.' })
  .min(0, 'Use 0 for no limit.')
  .max(1_000_000, 'Use at most 1000000.');

/** Where a portal starts, such as `/ui/?lang=en`. */
const portalPath = z
  .string({ error: 'Use text.' })
  .max(2048, 'Use at most 2048 characters.')
  .regex(/^\/(?![/\\])[\x21-\x7e]*$/, 'Use a path such as /ui/, without http:// and spaces.')
  .refine((text) => !text.includes('#'), 'Leave out what follows #.');
const hostHeader = z
  .string({ error: 'Use text.' })
  .refine((text) => isAuthority(text), 'Use a host name or an address, with a port if need be: camera.local:8080.');
const portal = z.object({
  /** Left out where it is the name of the proxy. */
  name: z
    .string({ error: 'Use text.' })
    .trim()
    .min(1, 'A name is needed.')
    .max(64, 'Use at most 64 characters.')
    .refine(isSeen, UNSEEN)
    .optional(),
  path: portalPath,
  /** What the device is told as `Host`, where that is not its address. */
  hostHeader: hostHeader.optional(),
  /** Whether the page of the device has a tab for it. */
  tab: z.boolean({ error: 'Use true or false.' }),
});
export type Portal = z.infer<typeof portal>;

const source = { port, address: listenAddress.optional(), allow: allow.optional() };
const targetType = z.literal('address', { error: 'Use "address".' });
const target = { type: targetType, address: targetAddress, port };
const plainSource = z.strictObject(source, { error: 'The source is needed.' });
const streamSource = z
  .strictObject({ ...source, ...sentSourceTls }, { error: 'The source is needed.' })
  .superRefine(needsSecure);

/** A service of this PC by its name. Thinger.io's plugins write name and account as one object. */
const pluginTarget = z
  .strictObject({
    type: z.literal('plugin'),
    user: userId.optional(),
    plugin: z.union([pluginId, z.strictObject({ name: pluginId, user: userId.optional() })], {
      error: 'A plugin ID is needed.',
    }),
    port,
    ...sentTargetTls,
  })
  .superRefine(needsSecure)
  .refine(({ user, plugin }) => user !== undefined || (typeof plugin === 'object' && plugin.user !== undefined), {
    path: ['user'],
    message: 'A username is needed.',
  });

/** What a host or a plugin may be as a target. */
const placeTarget = <Address extends z.core.$ZodTypeDiscriminable>(addressTarget: Address) =>
  z.discriminatedUnion('type', [addressTarget, pluginTarget], {
    error: (issue) => (issue.code === 'invalid_union' ? 'Use "address" or "plugin".' : 'The target is needed.'),
  });
const tcpTarget = placeTarget(z.strictObject({ ...target, ...sentTargetTls }).superRefine(needsSecure));
const udpTarget = placeTarget(z.strictObject(target));

const tcpConfig = z.strictObject({
  protocol: z.literal('tcp'),
  source: streamSource,
  target: tcpTarget,
  limits: z
    .strictObject({ idleTimeoutMs: timeoutMs, halfClosedTimeoutMs: timeoutMs, connectTimeoutMs: timeoutMs, maxPipes })
    .partial()
    .optional(),
});

const deviceTarget = z.strictObject(
  {
    ...target,
    user: userId,
    device: deviceId,
    /** TLS to the target, made by the device. */
    secure: z.boolean({ error: 'Use true or false.' }).optional(),
  },
  { error: 'The target is needed.' },
);
const deviceLimits = z
  .strictObject({
    idleTimeoutMs: timeoutMs,
    halfClosedTimeoutMs: timeoutMs,
    connectTimeoutMs: timeoutMs,
    lingerMs: timeoutMs,
    maxPipes,
  })
  .partial();

const deviceTcpConfig = z.strictObject({
  protocol: z.literal('tcp_iotmp'),
  source: streamSource,
  target: deviceTarget,
  limits: deviceLimits.optional(),
});

const deviceHttpConfig = z.strictObject({
  protocol: z.literal('http_iotmp'),
  /** A portal needs no port of its own; one that is given is a plain way to the same target. */
  source: z
    .strictObject({ ...source, port: port.optional(), ...sentSourceTls })
    .superRefine(needsSecure)
    .prefault({}),
  target: deviceTarget,
  portal: z.strictObject(portal.shape).partial().optional(),
  limits: deviceLimits.optional(),
});

const udpConfig = z.strictObject({
  protocol: z.literal('udp'),
  source: plainSource,
  target: udpTarget,
  limits: z.strictObject({ udpIdleTimeoutMs: timeoutMs, maxPipes }).partial().optional(),
});

const bothConfig = z.strictObject({
  protocol: z.literal('tcp+udp'),
  source: plainSource,
  target: udpTarget,
  limits: z
    .strictObject({
      idleTimeoutMs: timeoutMs,
      halfClosedTimeoutMs: timeoutMs,
      connectTimeoutMs: timeoutMs,
      udpIdleTimeoutMs: timeoutMs,
      maxPipes,
    })
    .partial()
    .optional(),
});

/** `config` as it may be sent: only the fields that the protocol has, and what is left out gets its default. */
export const proxyConfigInput = z.discriminatedUnion(
  'protocol',
  [tcpConfig, udpConfig, bothConfig, deviceTcpConfig, deviceHttpConfig],
  {
    error: (issue) =>
      issue.code === 'invalid_union' ? `Use one of: ${protocols.join(', ')}.` : 'The configuration is needed.',
  },
);
export type ProxyConfigInput = z.infer<typeof proxyConfigInput>;

/** Set by Sluice. Taken and left unused, so that what `GET` or an export of Thinger.io gave can be sent as it is. */
const times = {
  created: z.number().optional(),
  modified: z.number().optional(),
  switched: z.number().optional(),
};

/** Body of `POST /v1/proxies`. */
export const proxyInput = z.strictObject({
  ...times,
  proxy: proxyId,
  name,
  description: description.optional(),
  enabled: enabled.optional(),
  tags: tags.optional(),
  schedule: schedule.nullable().optional(),
  config: proxyConfigInput,
});
export type ProxyInput = z.infer<typeof proxyInput>;

/** Body of `PUT /v1/proxies/{proxy}`: any part. `proxy` may only repeat the ID. */
export const proxyChange = z.strictObject({
  ...times,
  proxy: proxyId.optional(),
  name: name.optional(),
  description: description.optional(),
  enabled: enabled.optional(),
  tags: tags.optional(),
  /** Null takes it away. */
  schedule: schedule.nullable().optional(),
  config: proxyConfigInput.optional(),
});
export type ProxyChange = z.infer<typeof proxyChange>;

export const proxyIdParam = z.object({ proxy: z.string() });

/** Every limit that applies is present in a stored profile, so that nobody has to know the defaults. */
const defaultLimits = {
  /** A TCP pipe without bytes in either direction, P4. */
  idleTimeoutMs: 3_600_000,
  /** A TCP pipe of which one side has said FIN and nothing moves, P1. */
  halfClosedTimeoutMs: 300_000,
  connectTimeoutMs: 10_000,
  /** How long a device without half-close may stay silent after the client's FIN before its stream ends (docs/iotmp.md §8). */
  lingerMs: 30_000,
  /** A UDP flow without datagrams, U2. */
  udpIdleTimeoutMs: 60_000,
  /** Open pipes (and flows) of one proxy; 0 is no limit. */
  maxPipes: 0,
};
type LimitName = keyof typeof defaultLimits;

/** The device has 10 s for its connection; its answer needs some time on top (docs/iotmp.md §8). */
const DEVICE_CONNECT_TIMEOUT_MS = 15_000;

/** The limits that a protocol has. */
export const limitsOf: Record<Protocol, readonly LimitName[]> = {
  tcp: ['idleTimeoutMs', 'halfClosedTimeoutMs', 'connectTimeoutMs', 'maxPipes'],
  udp: ['udpIdleTimeoutMs', 'maxPipes'],
  'tcp+udp': ['idleTimeoutMs', 'halfClosedTimeoutMs', 'connectTimeoutMs', 'udpIdleTimeoutMs', 'maxPipes'],
  tcp_iotmp: ['idleTimeoutMs', 'halfClosedTimeoutMs', 'connectTimeoutMs', 'lingerMs', 'maxPipes'],
  http_iotmp: ['idleTimeoutMs', 'halfClosedTimeoutMs', 'connectTimeoutMs', 'lingerMs', 'maxPipes'],
};

/** The stored form of `config`: every field that the protocol has, and no other. */
export const proxyConfig = z.object({
  protocol: z.enum(protocols),
  /** `port` is left out by a portal that has none of its own. */
  source: z.object({ port: port.optional(), ...sourceTls, address: listenAddress, allow }),
  target: z.discriminatedUnion('type', [
    z.object({
      type: targetType,
      /** Account and device that the target is reached through; there for `tcp_iotmp` and `http_iotmp`. */
      user: userId.optional(),
      device: deviceId.optional(),
      address: targetAddress,
      port,
      ...targetTls,
    }),
    /** A plugin of an account; the registry knows its address. */
    z.object({ type: z.literal('plugin'), user: userId, plugin: pluginId, port, ...targetTls }),
  ]),
  /** There for `http_iotmp`. */
  portal: portal.optional(),
  limits: z.object({
    idleTimeoutMs: timeoutMs.optional(),
    halfClosedTimeoutMs: timeoutMs.optional(),
    connectTimeoutMs: timeoutMs.optional(),
    lingerMs: timeoutMs.optional(),
    udpIdleTimeoutMs: timeoutMs.optional(),
    maxPipes,
  }),
});
export type ProxyConfig = z.infer<typeof proxyConfig>;
export type ProxyTarget = ProxyConfig['target'];

/** The stored profile. `created` and `modified` are wall clock milliseconds. */
export const proxyProfile = z.object({
  proxy: proxyId,
  name,
  description,
  /** Where there is a schedule, what the switch said last. */
  enabled,
  /** Left out where there are none. */
  tags: tags.optional(),
  schedule: schedule.optional(),
  /** When the switch was used against the schedule. */
  switched: z.number().optional(),
  config: proxyConfig,
  created: z.number(),
  modified: z.number(),
});
export type ProxyProfile = z.infer<typeof proxyProfile>;

/**
 * Completes a config that was sent. What Thinger.io's own bodies do not know (listen address, allow list, limits, all of
 * TLS but `secure`) keeps its present value when left out, so that an old script cannot loosen a profile; else it gets the default.
 */
export function completeConfig(
  sent: ProxyConfigInput,
  options: { readonly present?: ProxyConfig; readonly defaultAddress: string },
): ProxyConfig {
  const { present, defaultAddress } = options;
  const device = 'device' in sent.target ? sent.target : undefined;
  const hasTls = sent.protocol === 'tcp' || device !== undefined;
  const ownTls =
    hasTls && !device && completeTargetTls(sent.target, present && !deviceOf(present) ? present.target : undefined);
  const legTls = device ? { secure: device.secure ?? false } : ownTls;
  const given: Partial<Record<LimitName, number>> = sent.limits ?? {};
  const limits = Object.fromEntries(
    limitsOf[sent.protocol].map((key) => [
      key,
      given[key] ?? chosenLimit(key, present) ?? defaultLimit(key, sent.protocol),
    ]),
  );
  return {
    protocol: sent.protocol,
    source: {
      ...(sent.source.port !== undefined && { port: sent.source.port }),
      ...(hasTls && completeSourceTls(sent.source, present?.source)),
      address: sent.source.address ?? present?.source.address ?? defaultAddress,
      allow: sent.source.allow ?? present?.source.allow ?? [],
    },
    target:
      sent.target.type === 'plugin'
        ? { type: 'plugin', ...pluginKey(sent.target), port: sent.target.port, ...legTls }
        : {
            type: 'address',
            ...(device && { user: device.user, device: device.device }),
            address: sent.target.address,
            port: sent.target.port,
            ...legTls,
          },
    ...(sent.protocol === 'http_iotmp' && {
      portal: sent.portal ? { ...defaultPortal, ...sent.portal } : (present?.portal ?? defaultPortal),
    }),
    limits: { ...limits, maxPipes: limits.maxPipes ?? 0 },
  };
}

/** One shape of the two that name a plugin. */
function pluginKey({ user, plugin }: z.infer<typeof pluginTarget>): PluginKey {
  const named = typeof plugin === 'string' ? { name: plugin } : plugin;
  return { user: named.user ?? user ?? '', plugin: named.name };
}

const defaultPortal: Portal = { path: '/', tab: true };

/** What a default was is not kept: another protocol has its own. */
function chosenLimit(name: LimitName, present: ProxyConfig | undefined): number | undefined {
  const value = present?.limits[name];
  return present && value === defaultLimit(name, present.protocol) ? undefined : value;
}

/** The value that a limit has when it is left out. */
export function defaultLimit(name: LimitName, protocol: Protocol): number {
  if (name === 'connectTimeoutMs' && isThroughDevice(protocol)) return DEVICE_CONNECT_TIMEOUT_MS;
  return defaultLimits[name];
}

/** Whether the target of this protocol is reached through a device. */
export function isThroughDevice(protocol: Protocol): protocol is 'tcp_iotmp' | 'http_iotmp' {
  return protocol === 'tcp_iotmp' || protocol === 'http_iotmp';
}

/** The device that a config leads through; undefined where it leads to a host of this PC's own network. */
export function deviceOf({ target }: Pick<ProxyConfig, 'target'>): DeviceKey | undefined {
  if (target.type !== 'address') return undefined;
  const { user, device } = target;
  return user !== undefined && device !== undefined ? { user, device } : undefined;
}

/** The plugin that a config leads to; undefined for one that leads to an address. */
export function pluginOf({ target }: Pick<ProxyConfig, 'target'>): PluginKey | undefined {
  return target.type === 'plugin' ? { user: target.user, plugin: target.plugin } : undefined;
}

/** `10.0.0.7:502`, or `broker:1883` for a plugin, which people know by its name. */
export function targetLabel(target: ProxyTarget): string {
  return hostAndPort(target.type === 'plugin' ? target.plugin : target.address, target.port);
}

/** The transports that a protocol opens on its source port. */
export function transportsOf(protocol: Protocol): readonly Transport[] {
  if (protocol === 'tcp+udp') return ['tcp', 'udp'];
  return [protocol === 'udp' ? 'udp' : 'tcp'];
}
export type Transport = 'tcp' | 'udp';

export type { LimitName };
