/** Addresses as people type them: host names, IPv4 and IPv6 literals, networks. Syntax only; nothing is looked up. */
import ipaddr from 'ipaddr.js';

/** `10.0.0.7`, `::1`, `fe80::1%eth0`. Short and octal spellings of IPv4 are not taken. */
export function isIpAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** A host name (RFC 1123 letters, digits, hyphens, and underscores as found in the field) of at most 253 characters. */
export function isHostName(text: string): boolean {
  if (text.length === 0 || text.length > 253 || /^[\d.]+$/.test(text)) return false;
  return text.split('.').every((label, index, all) => {
    if (label === '' && index === all.length - 1 && all.length > 1) return true;
    return /^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?$/.test(label);
  });
}

/** `10.0.0.0/8`, `fd00::/8`, or a single address. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** Base address, prefix length in bits, and family of a network. */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Parses what {@link isNetwork} accepts; a single address becomes a network of one. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  if (rest.length > 0 || !isIpAddress(address) || address.includes('%')) return undefined;
  const family = ipaddr.parse(address).kind();
  const longest = family === 'ipv4' ? 32 : 128;
  if (bits === undefined) return { address, prefix: longest, family };
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > longest) return undefined;
  return { address, prefix: Number(bits), family };
}

export function isLoopback(address: string): boolean {
  return isIpAddress(address) && ipaddr.process(address).range() === 'loopback';
}

/** `0.0.0.0` or `::`: all addresses of this PC. */
export function isWildcard(address: string): boolean {
  return isIpAddress(address) && /^(0\.0\.0\.0|::)$/.test(ipaddr.process(address).toString());
}

/** An entry of the list of who may connect: a network, or with `!` before it one that may not. */
export function isClientRule(text: string): boolean {
  return isNetwork(text.replace(/^!/, ''));
}

/** The networks that may connect, and those that may not; an empty first list is everybody. */
export function clientRules(allow: readonly string[]): { readonly permitted: string[]; readonly blocked: string[] } {
  return {
    permitted: allow.filter((rule) => !rule.startsWith('!')),
    blocked: allow.flatMap((rule) => (rule.startsWith('!') ? [rule.slice(1)] : [])),
  };
}

/** `10.0.0.7:502`, `[::1]:502`. */
export function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A host name or an address, with or without a port: `camera.local`, `10.0.0.7:8080`, `[fe80::1]`. */
export function isAuthority(text: string): boolean {
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::([1-9]\d{0,4}))?$/.exec(text) ?? [];
  const isHost = bracketed === undefined ? isHostName(plain) || isIpAddress(plain) : isIpAddress(bracketed);
  return isHost && Number(port ?? 1) <= 65_535;
}

/** An entry of a list of permitted targets. `port` null means all ports. */
export interface HostPort {
  readonly host: string;
  readonly port: number | null;
}

/** Parses `127.0.0.1:80`, `10.0.0.0/24:502`, `[fd00::/8]:502`, `plc.local:*`. */
export function parseHostPort(text: string): HostPort | undefined {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\*|[1-9]\d{0,4})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  if (bracketed === undefined ? !isNetwork(host) && !isHostName(host) : !isNetwork(host)) return undefined;
  if (port === '*') return { host, port: null };
  return Number(port) <= 65_535 ? { host, port: Number(port) } : undefined;
}
