/**
 * Opens what a stream asks for: reads the request, asks the allow list, looks the name up, connects, and makes TLS where
 * that is wanted. Connects to no other addresses than those that were checked, whatever a name says a moment later.
 */
import net, { type LookupFunction } from 'node:net';
import tls from 'node:tls';
import { hostAndPort, isHostName, isIpAddress } from '../../shared/address.ts';
import type { NameCache, ResolvedAddress } from '../sockets/name-cache.ts';
import type { OnRead } from '../sockets/raw-socket.ts';
import { systemCode } from '../sockets/system-code.ts';
import { opened } from './opened.ts';
import { CertificateError, checkCertificate, hasNoTls, tlsOptions } from './peer-certificate.ts';
import type { PsonValue } from './pson.ts';
import type { TargetRules } from './target-rules.ts';

const LONGEST_REASON = 200;

/** A target that this device does not lead to; the message goes to the server. */
export class TargetRefusal extends Error {
  override readonly name = 'TargetRefusal';
}

export interface TargetRequest {
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
}

export interface TargetDialer {
  readonly rules: TargetRules;
  readonly names: NameCache;
  /** Names the owner where an address is a port of this gateway itself. */
  readonly ownerOf: (address: string, port: number) => string | undefined;
  /** Certificates of targets reached over TLS are checked. */
  readonly verifyTargets: boolean;
}

/** Reads the PARAMETERS of a START_STREAM (docs/iotmp.md §8.1). Throws what to answer. */
export function readTarget(parameters: Readonly<Record<string, PsonValue>>): TargetRequest {
  const { protocol, address, port, secure = false } = parameters;
  if (protocol !== 'tcp') throw new Error('Only the protocol tcp is served');
  if (typeof address !== 'string' || !(isIpAddress(address) || isHostName(address)))
    throw new Error('The address of the target is neither a name nor an IP address');
  const number = typeof port === 'string' && /^\d{1,5}$/.test(port) ? Number(port) : port;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > 65_535)
    throw new Error('The port of the target is not a number from 1 to 65535');
  if (typeof secure !== 'boolean') throw new Error('secure is neither true nor false');
  return { address, port: number, secure };
}

/**
 * Resolves with a connected socket that is paused, so that nothing is lost before it is read.
 * @param onread taken by plain sockets, ignored by TLS
 */
export async function dialTarget(
  { address, port, secure }: TargetRequest,
  dialer: TargetDialer,
  onread: OnRead,
  signal: AbortSignal,
): Promise<net.Socket> {
  const addresses = await unlessAborted(permitted(address, port, dialer), signal);
  const options = { host: address, port, lookup: always(addresses), allowHalfOpen: true, noDelay: true };
  if (!secure) return opened(net.connect({ ...options, onread }).pause(), 'connect', signal);
  const socket = await opened(tls.connect({ ...options, ...tlsOptions(address) }), 'secureConnect', signal);
  try {
    checkCertificate(socket, dialer.verifyTargets ? 'system' : 'none');
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket.pause();
}

/** Why there is no connection, in words for the person at the other end. */
export function failureText(error: unknown): string {
  if (error instanceof CertificateError)
    return `The certificate of the target was not accepted: ${error.message}. This device checks certificates`;
  switch (systemCode(error)) {
    case 'ECONNREFUSED':
      return 'Connection refused';
    case 'ETIMEDOUT':
      return 'Connection timed out';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'Host not found';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'No route to host';
    case 'ECONNRESET':
      return 'Connection reset by the target';
    default:
      if (hasNoTls(error)) return 'The target does not speak TLS 1.2 or newer';
      return (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_REASON);
  }
}

/** The addresses to connect to. Throws TargetRefusal where the list does not permit the target, or it is one of our ports. */
async function permitted(
  address: string,
  port: number,
  { rules, names, ownerOf }: TargetDialer,
): Promise<readonly ResolvedAddress[]> {
  const isName = !isIpAddress(address);
  const isNamed = isName && rules.permitsName(address, port);
  // What is not permitted anyway is not looked up: the answer would tell about names of this network.
  if (isName && !isNamed && !rules.permitsAnyAddress(port)) throw notPermitted(address, port);
  const known = isName ? await names.resolve(address) : [{ address, family: net.isIP(address) }];
  // Only what is permitted is dialled, so a name that also means other addresses does no harm.
  const addresses = isNamed ? known : known.filter(({ address: ip }) => rules.permitsAddress(ip, port));
  if (addresses.length === 0) throw notPermitted(address, port, isName ? known[0]?.address : undefined);
  for (const { address: ip } of addresses) {
    const owner = ownerOf(ip, port);
    if (owner !== undefined) throw new TargetRefusal(`${hostAndPort(address, port)} is a port of the gateway itself`);
  }
  return addresses;
}

function notPermitted(address: string, port: number, ip?: string): TargetRefusal {
  const place = ip === undefined ? hostAndPort(address, port) : `${hostAndPort(address, port)} (${ip})`;
  return new TargetRefusal(`The allow list of the device does not permit ${place}`);
}

/** The socket asks for the name again; it gets what was checked. */
function always(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_name, options, callback) => {
    if (options.all) callback(null, [...addresses]);
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  };
}

/** A look-up cannot be stopped, but nobody has to wait for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // When it is given up, nobody hears how it ends.
  work.catch(() => {});
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
