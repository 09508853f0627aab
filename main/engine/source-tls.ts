/**
 * TLS of a port: takes accepted clients through the handshake, with the certificate that the profile names at that
 * moment, and hands on those with whom it was agreed. The others are turned away with a reason.
 */
import { constants } from 'node:crypto';
import type net from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { asSluiceError } from '../../shared/errors.ts';
import { endsWithReset, socketBelow } from '../sockets/raw-socket.ts';
import { systemCode } from '../sockets/system-code.ts';
import { HANDSHAKE_MS, Handshakes } from './handshakes.ts';
import type { EngineParts, PortalClient, ServedProxy } from './port-server.ts';

export class SourceTls {
  readonly #proxy: ServedProxy;
  readonly #parts: EngineParts;
  readonly #onAgreed: (socket: TLSSocket, client: PortalClient) => void;
  readonly #clients = new WeakMap<net.Socket, PortalClient>();
  readonly #handshakes = new Handshakes((raw) =>
    this.#reject(raw, { reason: `TLS was not agreed within ${HANDSHAKE_MS / 1000} s` }),
  );
  /** Never listens: it is given clients. */
  #server: tls.Server | undefined;
  #made = '';

  constructor(proxy: ServedProxy, parts: EngineParts, onAgreed: (socket: TLSSocket, client: PortalClient) => void) {
    this.#proxy = proxy;
    this.#parts = parts;
    this.#onAgreed = onAgreed;
  }

  accept(raw: net.Socket, client: PortalClient): void {
    this.#clients.set(raw, client);
    raw.on('error', ignore);
    // One that ends before TLS is agreed is gone.
    raw.allowHalfOpen = false;
    if (this.#handshakes.enter(raw, () => this.#begin(raw))) return;
    const reason = 'too many clients are agreeing on TLS at this moment';
    this.#proxy.rejected({ why: 'limit', address: client.address, details: { reason } });
    raw.resetAndDestroy();
  }

  sweep(nowMs: number): void {
    this.#handshakes.sweep(nowMs);
  }

  close(): void {
    this.#handshakes.close();
  }

  #begin(raw: net.Socket): void {
    // Node ends a client whose certificate is not good without a word, which with TLS 1.3 looks like a good end.
    endsWithReset(raw, true);
    try {
      this.#present().emit('connection', raw);
    } catch (thrown) {
      this.#reject(raw, { reason: `there is no certificate to show. ${asSluiceError(thrown).message}` });
      raw.destroy();
    }
  }

  /** One with the certificates of now; handshakes that have begun go on with those they began with. */
  #present(): tls.Server {
    const { certificate, clientCa } = this.#proxy.profile.config.source;
    const { desk } = this.#parts.tls;
    const shown = desk.server(certificate);
    const asked = clientCa === undefined ? undefined : desk.clientCa(clientCa);
    const wanted = JSON.stringify([certificate, shown.revision, clientCa, asked?.revision]);
    if (!this.#server || this.#made !== wanted) {
      this.#server = this.#make(shown, asked?.ca);
      this.#made = wanted;
    }
    return this.#server;
  }

  #make({ key, cert }: { readonly key: string; readonly cert: string }, ca: string | undefined): tls.Server {
    const server = tls.createServer({
      key,
      cert,
      ...(ca !== undefined && { ca: [ca], requestCert: true, rejectUnauthorized: true }),
      minVersion: 'TLSv1.2',
      // A resumed session shows no certificate to judge: one that has ended would be good for ever.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION | (ca === undefined ? 0 : constants.SSL_OP_NO_TICKET),
      handshakeTimeout: HANDSHAKE_MS,
      // The target may not know more than one of them.
      ALPNCallback: ({ protocols }) => protocols.find((protocol) => protocol === 'http/1.1') ?? protocols[0],
    });
    server.on('secureConnection', (socket) => {
      const raw = socketBelow(socket);
      const client = raw && this.#clients.get(raw);
      if (raw) {
        endsWithReset(raw, false);
        this.#handshakes.leave(raw);
      }
      socket.allowHalfOpen = true;
      if (client) this.#onAgreed(socket, client);
      else socket.destroy();
    });
    server.on('tlsClientError', (error, socket) => {
      const raw = socketBelow(socket);
      if (raw) {
        // An alert is on its way.
        endsWithReset(raw, false);
        this.#reject(raw, rejectionOf(error, socket));
      }
      socket.destroy();
    });
    return server;
  }

  #reject(raw: net.Socket, details: Reason): void {
    this.#handshakes.leave(raw);
    const client = this.#clients.get(raw);
    if (!client) return;
    this.#clients.delete(raw);
    this.#proxy.rejected({ why: 'tls', address: client.address, details: { ...details } });
  }
}

/** Faults of a connection end it; whoever uses it hears of its end. */
const ignore = (): void => {};

const GIVE_CERTIFICATE = 'Give that client a certificate of the CA that this proxy asks for.';
const TRUST_OURS = 'Make the CA of this certificate known to that client, or show another certificate.';

interface Reason {
  readonly reason: string;
  readonly advice?: string;
}

function rejectionOf(error: Error, { authorizationError }: TLSSocket): Reason {
  const code = authorizationError ? String(authorizationError) : systemCode(error);
  return words.find(([pattern]) => pattern.test(code))?.[1] ?? { reason: `TLS was not agreed (${code})` };
}

const words: readonly (readonly [RegExp, Reason])[] = [
  [/DID_NOT_RETURN_A_CERTIFICATE/, { reason: 'it showed no client certificate', advice: GIVE_CERTIFICATE }],
  [/^CERT_HAS_EXPIRED$/, { reason: 'its client certificate has ended', advice: GIVE_CERTIFICATE }],
  [/^CERT_NOT_YET_VALID$/, { reason: 'its client certificate is not valid yet', advice: GIVE_CERTIFICATE }],
  [
    /^(UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|CERT_|INVALID_)/,
    { reason: 'its client certificate is not from the CA that is asked for', advice: GIVE_CERTIFICATE },
  ],
  [
    /HTTP_REQUEST|WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER/,
    { reason: 'it spoke in plain text', advice: 'Switch SSL/TLS on in that client.' },
  ],
  [
    /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW/,
    { reason: 'it offers only TLS that is older than 1.2', advice: 'Update that client.' },
  ],
  [/NO_SHARED_CIPHER/, { reason: 'it knows none of our ciphers', advice: 'Update that client.' }],
  [
    /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED)/,
    { reason: 'it does not trust the certificate that it was shown', advice: TRUST_OURS },
  ],
  [/^ERR_TLS_HANDSHAKE_TIMEOUT$/, { reason: `TLS was not agreed within ${HANDSHAKE_MS / 1000} s` }],
  [/^(ECONNRESET|EPIPE)$/, { reason: 'it left before TLS was agreed' }],
];
