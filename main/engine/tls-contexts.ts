/** Secure contexts of targets: made once for all that want the same, and anew when the desk has something else. */
import tls, { type SecureContext, type SecureContextOptions } from 'node:tls';
import { parseVerify, type TargetTlsWish } from '../../shared/tls.ts';
import type { TlsDesk } from './tls-desk.ts';

interface Kept {
  readonly revision: string;
  readonly context: SecureContext;
}

/** Certificates come and go, and a context with all roots of a system is large. */
const MOST_KEPT = 64;

export class TlsContexts {
  readonly desk: TlsDesk;
  /** The one used last is at the end. */
  readonly #kept = new Map<string, Kept>();

  constructor(desk: TlsDesk) {
    this.desk = desk;
  }

  /** Throws a SluiceError where a certificate cannot be had. The same object as before where nothing has changed. */
  forTarget({ verify, certificate, oldTls = false }: TargetTlsWish): SecureContext {
    const judge = parseVerify(verify);
    // A pin needs nobody to vouch for it.
    const trust =
      judge.kind === 'pin'
        ? { ca: [], revision: 0 }
        : this.desk.trust(judge.kind === 'ca' ? `ca:${judge.certificate}` : 'system');
    const shown = certificate === undefined ? undefined : this.desk.client(certificate);
    const wish = JSON.stringify([judge.kind === 'pin' ? 'pin' : verify, certificate, oldTls]);
    const revision = `${trust.revision} ${shown?.revision}`;
    const kept = this.#kept.get(wish);
    const context =
      kept?.revision === revision
        ? kept.context
        : tls.createSecureContext({
            ...(oldTls ? old : { minVersion: 'TLSv1.2' }),
            ca: [...trust.ca],
            ...(shown && { key: shown.key, cert: shown.cert }),
          });
    this.#kept.delete(wish);
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '');
    this.#kept.set(wish, { revision, context });
    return context;
  }
}

/** OpenSSL takes the old versions only at the level at which it also takes what they sign with. */
const old: SecureContextOptions = { minVersion: 'TLSv1', ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=0` };
