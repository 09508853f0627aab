/**
 * TLS to a target: agreed over its connection, and judged before anything of the client is sent. Knows the words for
 * everything that can be wrong with it. One per target, so that later connections resume the session of earlier ones.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type SecureContext, type TLSSocket } from 'node:tls';
import { asSluiceError, type ErrorCode, type ErrorDetails, SluiceError } from '../../shared/errors.ts';
import { parseVerify, type TargetTlsWish, type Verify } from '../../shared/tls.ts';
import { systemCode } from '../sockets/system-code.ts';
import { nameOf, namesOf, notePeer, peerChain } from '../sockets/tls-facts.ts';
import type { TlsContexts } from './tls-contexts.ts';

export interface TlsPlace {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
  /** What the client of this pipe has agreed on, `http/1.1`. */
  readonly alpn?: string;
}

/** What a good target has shown, and until when it is good. */
interface Judged {
  readonly certificate: X509Certificate;
  readonly untilMs: number;
}

export class TargetTls {
  readonly #contexts: TlsContexts;
  readonly #wish: TargetTlsWish;
  readonly #verify: Verify;
  #context: SecureContext | undefined;
  /** Of the last connection that was found good with the present context. */
  #good: (Judged & { readonly session: Buffer }) | undefined;
  /** Connections of which TCP was made, so that what goes wrong is about TLS. */
  readonly #reached = new WeakSet<Duplex>();

  constructor(contexts: TlsContexts, wish: TargetTlsWish) {
    this.#contexts = contexts;
    this.#wish = wish;
    this.#verify = parseVerify(wish.verify);
  }

  /** Why no connection can be good at this moment: a certificate of ours cannot be had. */
  hindrance(): SluiceError | null {
    try {
      this.#contexts.forTarget(this.#wish);
      return null;
    } catch (thrown) {
      return asSluiceError(thrown);
    }
  }

  /**
   * Emits `secureConnect` when the target is the right one, else `error`; what is written before waits.
   * Throws a SluiceError where a certificate of ours cannot be had.
   */
  connect({ host, port, lookup, alpn }: TlsPlace): TLSSocket {
    const secureContext = this.#contexts.forTarget(this.#wish);
    if (secureContext !== this.#context || Date.now() > (this.#good?.untilMs ?? 0)) this.#good = undefined;
    this.#context = secureContext;
    const earlier = this.#good;
    const wanted = this.#nameOf(host);
    const socket = tls.connect({
      ...{ host, port, lookup, allowHalfOpen: true, noDelay: true, secureContext },
      ...(isIP(wanted) === 0 && { servername: wanted }),
      ...(alpn !== undefined && { ALPNProtocols: [alpn] }),
      session: earlier?.session,
      // The verdict is spoken below, where the certificate is still at hand for the words.
      rejectUnauthorized: false,
      checkServerIdentity: (_, certificate) => tls.checkServerIdentity(wanted, certificate),
    });
    // Node sends what it holds as soon as the handshake is done, which is before the certificate was judged.
    socket.cork();
    let session: Buffer | undefined;
    let judged: Judged | undefined;
    const keep = (): void => {
      if (judged && session && secureContext === this.#context) this.#good = { session, ...judged };
    };
    socket.on('session', (offered) => {
      session = offered;
      keep();
    });
    socket.once('connect', () => this.#reached.add(socket));
    // Also after it: a target may begin the handshake of TLS 1.2 anew, and show another certificate then.
    socket.on('secureConnect', () => {
      try {
        // Only what was found good is ever resumed, and then nothing is shown anew.
        judged = socket.isSessionReused() && earlier ? earlier : this.#judge(socket, host, port);
        notePeer(socket, judged.certificate);
        keep();
        socket.uncork();
      } catch (refusal) {
        // Its session comes before the verdict.
        this.#good = undefined;
        socket.destroy(refusal as SluiceError);
      }
    });
    return socket;
  }

  /** Undefined where the fault is not about TLS. */
  fault(
    error: Error,
    at: { readonly address: string; readonly port: number },
    socket: Duplex | null,
  ): SluiceError | undefined {
    if (!socket || !this.#reached.has(socket)) return undefined;
    const code = systemCode(error);
    const [, found, reason] = alerts.find(([pattern]) => pattern.test(code)) ?? [];
    const { certificate } = this.#wish;
    if (found) return new SluiceError(found, { ...at, certificate, reason }, { cause: error });
    return /^(ERR_SSL_|EPROTO)/.test(code)
      ? new SluiceError('TLS_FAILED', { ...at, reason: reasonOf(error) }, { cause: error })
      : undefined;
  }

  #nameOf(host: string): string {
    return (this.#wish.serverName ?? host).replace(/\.$/, '');
  }

  /** Throws a SluiceError where the target is not the right one. */
  #judge(socket: TLSSocket, host: string, port: number): Judged {
    const at = { address: host, port };
    const chain = peerChain(socket);
    const [certificate] = chain;
    if (!certificate) throw new SluiceError('TLS_FAILED', { ...at, reason: 'it shows no certificate' });
    if (this.#verify.kind === 'pin') {
      const pinned = this.#verify.fingerprint;
      if (certificate.fingerprint256 !== pinned) {
        throw new SluiceError('TLS_PIN_MISMATCH', { ...at, ...factsOf(certificate), pinned });
      }
      return { certificate, untilMs: Number.POSITIVE_INFINITY };
    }
    if (!socket.authorized) {
      const reason = String(socket.authorizationError);
      const details = { ...at, ...factsOf(certificate), reason, ...this.#detailsOf(reason, chain, host) };
      throw new SluiceError(verdicts[reason] ?? 'TLS_FAILED', details);
    }
    return { certificate, untilMs: Math.min(...chain.map(({ validToDate }) => validToDate.getTime())) };
  }

  #detailsOf(code: string, chain: readonly X509Certificate[], host: string): ErrorDetails {
    const now = Date.now();
    switch (verdicts[code]) {
      case 'TLS_UNKNOWN_ISSUER':
        return this.#verify.kind === 'ca' ? { ca: this.#verify.certificate } : {};
      case 'TLS_WRONG_NAME':
        return { wanted: this.#nameOf(host) };
      case 'TLS_EXPIRED':
      case 'TLS_NOT_YET_VALID':
        // It may be one further up the chain.
        return {
          ...chain.filter((one) => isOutOfDate(one, now)).map(datesOf)[0],
          now,
          clock: this.#contexts.desk.clockDoubt(now) ?? undefined,
        };
      default:
        return {};
    }
  }
}

/** What OpenSSL and Node say of a certificate that they do not accept. */
const verdicts: Partial<Record<string, ErrorCode>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS_SELF_SIGNED',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS_UNKNOWN_ISSUER',
  UNABLE_TO_GET_ISSUER_CERT: 'TLS_UNKNOWN_ISSUER',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TLS_UNKNOWN_ISSUER',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS_UNKNOWN_ISSUER',
  CERT_UNTRUSTED: 'TLS_UNKNOWN_ISSUER',
  CERT_SIGNATURE_FAILURE: 'TLS_UNKNOWN_ISSUER',
  CERT_HAS_EXPIRED: 'TLS_EXPIRED',
  CERT_NOT_YET_VALID: 'TLS_NOT_YET_VALID',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS_WRONG_NAME',
};

/** What goes wrong on the wire once there is a connection. */
const alerts: readonly (readonly [RegExp, ErrorCode, string?])[] = [
  [/^ETIMEDOUT$/, 'TLS_SILENT'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, 'TLS_CLOSED'],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_LAYER_FAILURE/, 'TLS_PLAIN_ANSWER'],
  [/UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|WRONG_SSL_VERSION/, 'TLS_OLD_ONLY'],
  [/CERTIFICATE_REQUIRED|ALERT_NO_CERTIFICATE/, 'TLS_CLIENT_REFUSED', 'it wants one'],
  [/ALERT_UNKNOWN_CA/, 'TLS_CLIENT_REFUSED', 'it does not know who issued it'],
  [/ALERT_CERTIFICATE_EXPIRED/, 'TLS_CLIENT_REFUSED', 'it has ended'],
  [/ALERT_CERTIFICATE_REVOKED/, 'TLS_CLIENT_REFUSED', 'it was revoked'],
  [/ALERT_(BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/, 'TLS_CLIENT_REFUSED'],
  [/ALERT_HANDSHAKE_FAILURE/, 'TLS_FAILED', 'it may want a client certificate, or other ciphers'],
];

function factsOf(certificate: X509Certificate): ErrorDetails {
  return {
    fingerprint: certificate.fingerprint256,
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names: namesOf(certificate),
    ...datesOf(certificate),
  };
}

const datesOf = ({ validFromDate, validToDate }: X509Certificate): ErrorDetails => ({
  notBefore: validFromDate.getTime(),
  notAfter: validToDate.getTime(),
});

const isOutOfDate = ({ validFromDate, validToDate }: X509Certificate, now: number): boolean =>
  now < validFromDate.getTime() || now > validToDate.getTime();

const reasonOf = (error: Error): string =>
  'reason' in error && typeof error.reason === 'string' ? error.reason : systemCode(error);
