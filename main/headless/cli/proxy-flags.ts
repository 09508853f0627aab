/**
 * The flags of `proxies add` and `proxies set`, and the bodies they become. Values go out as they were typed: the
 * gateway is the one place that checks them, and names the field.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ProxyConfig } from '../../../shared/proxy.ts';
import { type HostPort, hostPortFlag } from './address-flag.ts';

export interface ProxyFlags {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly address?: string;
  readonly target?: HostPort;
  /** False for `--no-allow`. */
  readonly allow?: readonly string[] | false;
  readonly maxPipes?: number;
  /** Seconds. */
  readonly idleTimeout?: number;
  /** Seconds. */
  readonly connectTimeout?: number;
  readonly disabled?: boolean;
  readonly file?: string;
}

/** A body as it goes to the gateway, which may refuse it. */
export interface ProxyBody {
  readonly proxy?: string;
  readonly name?: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly config?: unknown;
}

export function addProxyFlags(command: Command): Command {
  const options = [
    new Option('--name <text>', 'name'),
    new Option('--description <text>', 'description'),
    new Option('--protocol <protocol>', 'tcp, udp or tcp+udp'),
    new Option('--port <port>', 'source port').argParser(numberFlag),
    new Option('--address <address>', 'address of this PC to listen on; 0.0.0.0 is all'),
    new Option('--target <host:port>', 'where pipes lead to').argParser(hostPortFlag),
    new Option('--allow <network>', 'who may connect, such as 192.168.1.0/24; may be repeated').argParser(listFlag),
    new Option('--no-allow', 'let everyone connect who can reach the port').default(undefined),
    new Option('--max-pipes <count>', 'most connections at once; 0 is no limit').argParser(numberFlag),
    new Option('--idle-timeout <seconds>', 'ends a connection without bytes').argParser(numberFlag),
    new Option('--connect-timeout <seconds>', 'how long to wait for the target').argParser(numberFlag),
    new Option('--disabled', 'keep its port closed'),
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
  const { protocol, port, address, target, allow } = flags;
  return [protocol, port, address, target, allow, ...Object.values(limitsOf(flags, ''))].some(isGiven);
}

/** The body of `set`: only what was given. */
export function proxyChangeOf(flags: ProxyFlags, present?: ProxyConfig): ProxyBody {
  return { ...named(flags), config: present && configOf(flags, present) };
}

export const isGiven = (value: unknown): boolean => value !== undefined;

function named({ name, description, disabled }: ProxyFlags): ProxyBody {
  return { name, description, enabled: disabled ? false : undefined };
}

/** What is left out here and has a present value keeps it in the gateway: address, allow list, limits. */
function configOf(flags: ProxyFlags, present?: ProxyConfig): unknown {
  const protocol = flags.protocol ?? present?.protocol ?? 'tcp';
  const target = flags.target ?? present?.target;
  const limits = Object.entries(limitsOf(flags, protocol)).filter(([, value]) => isGiven(value));
  return {
    protocol,
    source: {
      port: flags.port ?? present?.source.port,
      address: flags.address,
      allow: flags.allow === false ? [] : flags.allow,
    },
    target: target && { type: 'address', address: target.address, port: target.port },
    limits: limits.length > 0 ? Object.fromEntries(limits) : undefined,
  };
}

function limitsOf(flags: ProxyFlags, protocol: string): Readonly<Record<string, number | undefined>> {
  const idleMs = inMs(flags.idleTimeout);
  return {
    idleTimeoutMs: protocol === 'udp' ? undefined : idleMs,
    udpIdleTimeoutMs: protocol.includes('udp') ? idleMs : undefined,
    connectTimeoutMs: inMs(flags.connectTimeout),
    maxPipes: flags.maxPipes,
  };
}

const inMs = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.round(seconds * 1000);

export function numberFlag(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Use a number.');
  return number;
}

function listFlag(text: string, before: readonly string[] | false | undefined): readonly string[] {
  return [...(before || []), text];
}
