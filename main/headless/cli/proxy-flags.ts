/**
 * The flags of `proxies add` and `proxies set`, and the bodies they become. Values go out as they were typed: the
 * gateway is the one place that checks them, and names the field.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  isThroughDevice,
  type LimitName,
  limitsOf as limitNames,
  type Portal,
  type ProxyConfig,
  protocols,
  timeoutRange,
} from '../../../shared/proxy.ts';
import type { Schedule } from '../../../shared/schedule.ts';
import { protocolText } from '../../../shared/sentence.ts';
import { targetFlag } from './address-flag.ts';
import { scheduleFlag } from './time-flags.ts';
import { givenSourceFlag, givenTargetFlag, sourceTlsOf, type TlsFlags, targetTlsOf, tlsOptions } from './tls-flags.ts';

export interface ProxyFlags extends TlsFlags {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly address?: string;
  /** Without a port only with a template, which has one. */
  readonly target?: ReturnType<typeof targetFlag>;
  readonly targetUser?: string;
  readonly targetDevice?: string;
  readonly targetPlugin?: string;
  readonly targetPort?: number;
  readonly portalName?: string;
  readonly portalPath?: string;
  readonly hostHeader?: string;
  /** False for `--no-allow`. */
  readonly allow?: readonly string[] | false;
  readonly maxPipes?: number;
  /** Seconds. */
  readonly idleTimeout?: number;
  /** Seconds. */
  readonly connectTimeout?: number;
  /** Seconds. */
  readonly linger?: number;
  readonly disabled?: boolean;
  readonly untagged?: boolean;
  readonly tag?: readonly string[];
  /** False for `--no-schedule`. */
  readonly schedule?: Schedule | false;
  readonly template?: string;
  /** What a template says, where no flag says otherwise. */
  readonly limits?: Partial<Record<LimitName, number>>;
  readonly file?: string;
}

/** A body as it goes to the gateway, which may refuse it. */
export interface ProxyBody {
  readonly proxy?: string;
  readonly name?: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly tags?: readonly string[];
  readonly schedule?: Schedule | null;
  readonly config?: unknown;
}

export function addProxyFlags(command: Command): Command {
  const options = [
    new Option('--name <text>', 'name'),
    new Option('--description <text>', 'description'),
    new Option('--protocol <protocol>', protocols.join(', ')),
    new Option('--port <port>', 'source port').argParser(numberFlag),
    new Option('--address <address>', 'address of this PC to listen on; 0.0.0.0 is all'),
    new Option('--target <host:port>', 'where pipes lead to').argParser(targetFlag),
    new Option('--target-user <id>', 'account of the device or the plugin; else the one of the settings, for plugins'),
    new Option('--target-device <id>', 'device that reaches the target, for tcp_iotmp and http_iotmp'),
    new Option('--target-plugin <id>', 'plugin that pipes lead to, in place of --target').conflicts('target'),
    new Option('--target-port <port>', 'port of the plugin; else the one that it has').argParser(numberFlag),
    ...tlsOptions(),
    new Option('--portal-name <text>', 'what its tab is called, for http_iotmp'),
    new Option('--portal-path <path>', 'the path that the portal starts at, for http_iotmp'),
    new Option('--host-header <host>', 'the host name that the target is told, for http_iotmp'),
    new Option(
      '--allow <network>',
      'who may connect, such as 192.168.1.0/24, or !192.168.1.31 for who may not; may be repeated',
    ).argParser(listFlag),
    new Option('--no-allow', 'let everyone connect who can reach the port').default(undefined),
    new Option('--max-pipes <count>', 'most connections at once; 0 is no limit').argParser(numberFlag),
    new Option('--idle-timeout <seconds>', 'ends a connection without bytes').argParser(secondsFlag),
    new Option('--connect-timeout <seconds>', 'how long to wait for the target').argParser(secondsFlag),
    new Option(
      '--linger <seconds>',
      'how long a device may be silent after a client has ended, for tcp_iotmp and http_iotmp',
    ).argParser(secondsFlag),
    new Option('--disabled', 'keep its port closed'),
    new Option('--tag <word>', 'a word to find it by; may be repeated').argParser(tagFlag),
    new Option('--untagged', 'take all tags away').conflicts('tag'),
    new Option('--schedule <hours>', 'when it is open, such as "mon-fri 09:00-17:00"').argParser(scheduleFlag),
    new Option('--no-schedule', 'open by its switch alone').default(undefined),
  ];
  const names = options.map((option) => option.attributeName());
  for (const option of options) command.addOption(option);
  return command.addOption(
    new Option('--file <path>', 'read the proxy as JSON from a file, or from stdin with -').conflicts(names),
  );
}

/** The body of `add`. What has no flag is left to the gateway, except that a proxy is TCP and named after its ID. */
export function newProxy(flags: ProxyFlags): ProxyBody {
  return { proxy: flags.id, ...named(flags), name: flags.name ?? flags.id, config: configOf(flags) };
}

/** Whether a change needs the present config, because the gateway takes a config only as a whole. */
export function changesConfig(flags: ProxyFlags): boolean {
  const { id, name, description, disabled, file, tag, untagged, schedule, ...config } = flags;
  return Object.values(config).some(isGiven);
}

/** The body of `set`: only what was given. */
export function proxyChangeOf(flags: ProxyFlags, present?: ProxyConfig): ProxyBody {
  return { ...named(flags), config: present && configOf(flags, present) };
}

export const isGiven = (value: unknown): boolean => value !== undefined;

const givenOf = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => isGiven(value)));

function named({ name, description, disabled, tag, untagged, schedule }: ProxyFlags): ProxyBody {
  return givenOf({
    name,
    description,
    enabled: disabled ? false : undefined,
    tags: untagged ? [] : tag,
    schedule: schedule === false ? null : schedule,
  });
}

/** What is left out here and has a present value keeps it in the gateway: address, allow list, limits. */
function configOf(flags: ProxyFlags, present?: ProxyConfig): unknown {
  const protocol = flags.protocol ?? present?.protocol ?? 'tcp';
  const limits = { ...flags.limits, ...givenOf(limitsOf(flags, protocol)) };
  return {
    protocol,
    source: {
      port: flags.port ?? present?.source.port,
      address: flags.address,
      allow: flags.allow === false ? [] : flags.allow,
      ...sourceTlsOf(flags),
    },
    target: targetOf(flags, protocol, present?.target),
    portal: portalOf(flags, present?.portal),
    limits: Object.keys(limits).length > 0 ? limits : undefined,
  };
}

/** The gateway keeps nothing of a target; what belongs to a device goes along where the protocol has one. */
function targetOf(flags: ProxyFlags, protocol: string, present?: ProxyConfig['target']): unknown {
  const plugin = present?.type === 'plugin' && !flags.target ? present : undefined;
  if (flags.targetPlugin !== undefined || plugin) {
    return {
      type: 'plugin',
      user: flags.targetUser ?? plugin?.user,
      plugin: flags.targetPlugin ?? plugin?.plugin,
      port: flags.targetPort ?? plugin?.port,
      ...targetTlsOf(flags),
    };
  }
  const place = present?.type === 'address' ? present : undefined;
  const kept = leadsThroughDevice(protocol) ? place : undefined;
  const target = flags.target ?? place;
  const user = flags.targetUser ?? kept?.user;
  const device = flags.targetDevice ?? kept?.device;
  const tls = { ...(kept && { secure: kept.secure }), ...givenOf(targetTlsOf(flags)) };
  if (![target, user, device, ...Object.values(tls)].some(isGiven)) return undefined;
  return { type: 'address', user, device, address: target?.address, port: target?.port, ...tls };
}

/** The gateway takes the portal as a whole, and keeps it where nothing of it is sent. */
function portalOf({ portalName: name, portalPath: path, hostHeader }: ProxyFlags, present?: Portal): unknown {
  const given = givenOf({ name, path, hostHeader });
  return Object.keys(given).length > 0 ? { ...present, ...given } : undefined;
}

const leadsThroughDevice = (protocol: string): boolean =>
  protocols.some((known) => known === protocol && isThroughDevice(known));

function limitsOf(flags: ProxyFlags, protocol: string): Readonly<Record<string, number | undefined>> {
  const idleMs = inMs(flags.idleTimeout);
  return {
    idleTimeoutMs: protocol === 'udp' ? undefined : idleMs,
    udpIdleTimeoutMs: protocol.includes('udp') ? idleMs : undefined,
    connectTimeoutMs: inMs(flags.connectTimeout),
    lingerMs: inMs(flags.linger),
    maxPipes: flags.maxPipes,
  };
}

const limitFlags: readonly (readonly [LimitName, keyof ProxyFlags, string])[] = [
  ['connectTimeoutMs', 'connectTimeout', '--connect-timeout'],
  ['lingerMs', 'linger', '--linger'],
];
const deviceFlags = [
  ['targetUser', '--target-user'],
  ['targetDevice', '--target-device'],
] as const;
const portalFlags = [
  ['portalName', '--portal-name'],
  ['portalPath', '--portal-path'],
  ['hostHeader', '--host-header'],
] as const;

/** What is wrong with a flag that the protocol has no use for, in a sentence; undefined where all of them fit. */
export function misfit(flags: ProxyFlags, present?: ProxyConfig): string | undefined {
  const wanted = flags.protocol ?? present?.protocol ?? 'tcp';
  const protocol = protocols.find((known) => known === wanted);
  if (!protocol) return undefined;
  if (flags.target && flags.target.port === undefined) return '--target needs a port, as in 10.0.0.7:502';
  const [, , limit] =
    limitFlags.find(([name, flag]) => isGiven(flags[flag]) && !limitNames[protocol].includes(name)) ?? [];
  if (limit) return `${limit} is not for ${protocolText[protocol]}`;
  const isPlugin = isGiven(flags.targetPlugin) || (present?.target.type === 'plugin' && !flags.target);
  if (isGiven(flags.targetPort) && !isPlugin) return '--target-port needs --target-plugin';
  const [, place] = deviceFlags.find(([flag]) => isGiven(flags[flag]) && !(isPlugin && flag === 'targetUser')) ?? [];
  if (place && !isThroughDevice(protocol)) return `${place} needs --protocol tcp_iotmp or http_iotmp`;
  const hasTls = protocol === 'tcp' || isThroughDevice(protocol);
  const tls = givenSourceFlag(flags) ?? (isGiven(flags.targetSecure) ? '--target-secure' : undefined);
  if (tls && !hasTls) return `${tls} is not for ${protocolText[protocol]}`;
  const ownTls = givenTargetFlag(flags);
  if (ownTls && protocol !== 'tcp') return `${ownTls} needs --protocol tcp`;
  const [, detail] = portalFlags.find(([flag]) => isGiven(flags[flag])) ?? [];
  return detail && protocol !== 'http_iotmp' ? `${detail} needs --protocol http_iotmp` : undefined;
}

const inMs = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.round(seconds * 1000);

export function numberFlag(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Use a number.');
  return number;
}

function secondsFlag(text: string): number {
  const { min, max } = timeoutRange;
  const seconds = numberFlag(text);
  if (seconds * 1000 < min || seconds * 1000 > max)
    throw new InvalidArgumentError(`Use ${min / 1000} to ${max / 1000} seconds.`);
  return seconds;
}

const tagFlag = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

function listFlag(text: string, before: readonly string[] | false | undefined): readonly string[] {
  return [...(before || []), text];
}
