/** A certificate desk for tests: holds what is put into it, and counts a revision up whenever something changes. */
import type { ShownCertificate, TlsDesk } from '../../main/engine/tls-desk.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { Pair } from './certificates.ts';

export class TestDesk implements TlsDesk {
  readonly #pairs = new Map<string, ShownCertificate>();
  readonly #authorities = new Map<string, { readonly ca: string; readonly revision: number }>();
  #trusted: { readonly ca: readonly string[]; readonly revision: number } = { ca: [], revision: 0 };
  #revision = 0;
  doubt: string | null = null;

  /** A server or client certificate. */
  show(certificate: string, { key, cert }: Pair): this {
    this.#pairs.set(certificate, { key, cert, revision: ++this.#revision });
    return this;
  }

  /** A CA that profiles can name. */
  know(certificate: string, { cert }: Pair): this {
    this.#authorities.set(certificate, { ca: cert, revision: ++this.#revision });
    return this;
  }

  /** What the system trusts, in place of all before. */
  trustOnly(...authorities: readonly Pair[]): this {
    this.#trusted = { ca: authorities.map(({ cert }) => cert), revision: ++this.#revision };
    return this;
  }

  server(certificate = 'gateway'): ShownCertificate {
    return found(this.#pairs, certificate);
  }

  client(certificate: string): ShownCertificate {
    return found(this.#pairs, certificate);
  }

  clientCa(certificate: string): { readonly ca: string; readonly revision: number } {
    return found(this.#authorities, certificate);
  }

  trust(verify: 'system' | `ca:${string}`): { readonly ca: readonly string[]; readonly revision: number } {
    if (verify === 'system') return this.#trusted;
    const { ca, revision } = this.clientCa(verify.slice(3));
    return { ca: [ca], revision };
  }

  clockDoubt(): string | null {
    return this.doubt;
  }
}

function found<T>(among: ReadonlyMap<string, T>, certificate: string): T {
  const held = among.get(certificate);
  if (held === undefined) throw new SluiceError('TLS_FAILED', { reason: `there is no certificate ${certificate}` });
  return held;
}
