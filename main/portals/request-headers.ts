/** The headers of a browser's request as the device gets them: pure, one table of rules. */
import { cookiesForTarget } from './cookies.ts';
import type { Sides } from './portal.ts';

/** Lower-case name → values. */
export type HeaderValues = Record<string, string | string[]>;

/** For one connection only (RFC 9110 §7.6.1), or answered by the portal itself. */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'http2-settings',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'transfer-encoding',
  'expect',
]);

export interface RequestShape {
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** Whether it comes in chunks, and goes on so. */
  readonly isChunked: boolean;
  /** Whether it asks for a WebSocket. */
  readonly isWebSocket: boolean;
}

export function requestHeaders({ rawHeaders, isChunked, isWebSocket }: RequestShape, sides: Sides): HeaderValues {
  const headers: HeaderValues = { host: sides.targetHost };
  const named = connectionNames(rawHeaders);
  for (const [name, value] of pairs(rawHeaders)) {
    if (name === 'host' || hopByHop.has(name) || named.has(name) || isLookalike(name)) continue;
    const told = valueForTarget(name, value, sides);
    if (told !== undefined) append(headers, name, told);
  }
  if (isChunked) headers['transfer-encoding'] = 'chunked';
  if (isWebSocket) Object.assign(headers, { connection: 'Upgrade', upgrade: 'websocket' });
  return headers;
}

/** The way each name was written: devices in the field compare letters. */
export function writtenNames(rawHeaders: readonly string[]): ReadonlyMap<string, string> {
  return new Map(rawHeaders.filter((_, at) => at % 2 === 0).map((name) => [name.toLowerCase(), name]));
}

/** What `Connection` names is for this connection too. */
export function connectionNames(rawHeaders: readonly string[]): ReadonlySet<string> {
  const lists = [...pairs(rawHeaders)].filter(([name]) => name === 'connection' || name === 'proxy-connection');
  return new Set(lists.flatMap(([, value]) => value.split(',').map((one) => one.trim().toLowerCase())));
}

function valueForTarget(name: string, value: string, sides: Sides): string | undefined {
  switch (name) {
    case 'cookie':
      return cookiesForTarget(value);
    case 'origin':
      return value === sides.portalOrigin ? sides.targetOrigin : undefined;
    case 'referer':
      return refererFor(value, sides);
    default:
      return value;
  }
}

/** Only pages of the portal itself are told to the device. */
function refererFor(value: string, { portalOrigin, targetOrigin }: Sides): string | undefined {
  return value === portalOrigin || value.startsWith(`${portalOrigin}/`)
    ? targetOrigin + value.slice(portalOrigin.length)
    : undefined;
}

/** `Content_Length`: behind some servers the same as the real one, which this portal has not looked at. */
const isLookalike = (name: string): boolean => {
  const plain = name.replaceAll('_', '-');
  return (
    plain !== name && (hopByHop.has(plain) || ['host', 'content-length', 'cookie', 'authorization'].includes(plain))
  );
};

function append(headers: HeaderValues, name: string, value: string): void {
  const before = headers[name];
  if (before === undefined) headers[name] = value;
  else if (name === 'cookie') headers[name] = `${before}; ${value}`;
  else headers[name] = [before, value].flat();
}

export function* pairs(rawHeaders: readonly string[]): Generator<readonly [string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    yield [(rawHeaders[at] ?? '').toLowerCase(), rawHeaders[at + 1] ?? ''];
  }
}
