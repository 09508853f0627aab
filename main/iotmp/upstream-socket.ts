/** The connection of an agent to its server, before login: TCP, TLS, or WebSocket over TLS. */
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import { hostAndPort } from '../../shared/address.ts';
import type { AgentProfile } from '../../shared/agent.ts';
import { SluiceError } from '../../shared/errors.ts';
import { systemCode } from '../sockets/system-code.ts';
import { LinkReader } from './link-reader.ts';
import { opened } from './opened.ts';
import { CertificateError, checkCertificate, hasNoTls, tlsOptions } from './peer-certificate.ts';

const TCP_KEEP_ALIVE_MS = 60_000;
/** A whole message of 256 KiB and its head. */
const MAX_FRAME_BYTES = 256 * 1024 + 16;

export type UpstreamAddress = Pick<AgentProfile, 'host' | 'port' | 'transport' | 'verify'>;

/** As a Link takes it. */
export interface UpstreamSocket {
  readonly socket: Duplex;
  readonly isFramed: boolean;
  readonly reader?: LinkReader;
}

/**
 * Rejects with AGENT_UNREACHABLE or AGENT_CERTIFICATE.
 * @param timeoutMs for name, TCP, TLS and WebSocket together
 */
export async function openUpstream(to: UpstreamAddress, timeoutMs: number, stop: AbortSignal): Promise<UpstreamSocket> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return await open(to, AbortSignal.any([limit, stop]));
  } catch (error) {
    throw faultOf(limit.aborted ? timedOut() : error, to);
  }
}

async function open({ host, port, transport, verify }: UpstreamAddress, signal: AbortSignal): Promise<UpstreamSocket> {
  const options = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS };
  if (transport === 'tcp') {
    const reader = new LinkReader();
    const socket = net.connect({ ...options, onread: reader.onread }).pause();
    return { socket: await opened(socket, 'connect', signal), isFramed: false, reader };
  }
  const socket = await opened(tls.connect({ ...options, ...tlsOptions(host) }), 'secureConnect', signal);
  try {
    checkCertificate(socket, verify);
    if (transport === 'tls') return { socket, isFramed: false };
    return { socket: await webSocketOver(socket, hostAndPort(host, port), signal), isFramed: true };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function webSocketOver(socket: tls.TLSSocket, authority: string, signal: AbortSignal): Promise<Duplex> {
  const webSocket = new WebSocket(`wss://${authority}/iotmp`, 'iotmp', {
    createConnection: () => socket,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload: MAX_FRAME_BYTES,
  });
  webSocket.on('error', () => {});
  await once(webSocket, 'open', { signal });
  return createWebSocketStream(webSocket);
}

function faultOf(error: unknown, { host, port }: UpstreamAddress): SluiceError {
  if (error instanceof CertificateError) {
    const { message: reason, fingerprint } = error;
    return new SluiceError('AGENT_CERTIFICATE', { host, port, reason, fingerprint }, { cause: error });
  }
  return new SluiceError('AGENT_UNREACHABLE', { host, port, reason: reasonOf(error) }, { cause: error });
}

function reasonOf(error: unknown): string {
  const code = systemCode(error);
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection was refused';
    case 'ETIMEDOUT':
      return 'it did not answer in time';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name could not be found';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no way to it from this PC';
    case 'ECONNRESET':
      return 'it closed the connection at once';
    default:
      if (hasNoTls(error)) return 'it does not speak TLS 1.2 or newer on this port';
      return code || (error instanceof Error ? error.message : String(error));
  }
}

const timedOut = (): Error => Object.assign(new Error('It did not answer.'), { code: 'ETIMEDOUT' });
