/** What TLS legs need from the certificate desk, and an engine without one. */
import tls from 'node:tls';
import { SluiceError } from '../../shared/errors.ts';

/** PEM texts. `revision` changes when they do. */
export interface ShownCertificate {
  readonly key: string;
  /** The certificate and what leads to its root. */
  readonly cert: string;
  readonly revision: number;
}

/**
 * Every answer is for now, and cheap: it is asked for at each connection. `revision` changes when the answer does; legs
 * keep what they made of it until then. What cannot be given is thrown as SluiceError (CERTIFICATE_UNKNOWN,
 * CERTIFICATE_UNUSABLE).
 */
export interface TlsDesk {
  /** What a source shows; without ID the one that is made for this gateway. */
  server(certificate: string | undefined): ShownCertificate;
  /** The CA that clients of a source must show a certificate of. */
  clientCa(certificate: string): { readonly ca: string; readonly revision: number };
  /** Shown to a target that asks for one. */
  client(certificate: string): ShownCertificate;
  /** Trusted roots: those of the system and the desk together, or one CA alone. */
  trust(verify: 'system' | `ca:${string}`): { readonly ca: readonly string[]; readonly revision: number };
  /** A sentence where the clock of this PC is the likelier fault when dates do not fit; else null. */
  clockDoubt(nowMs: number): string | null;
}

const noCertificates = (): never => {
  throw new SluiceError('TLS_FAILED', { reason: 'this gateway keeps no certificates' });
};

/** Trusts what the system trusts and has nothing to show. */
export const noCertificateDesk: TlsDesk = {
  server: noCertificates,
  clientCa: noCertificates,
  client: noCertificates,
  trust: (verify) => (verify === 'system' ? { ca: systemRoots(), revision: 0 } : noCertificates()),
  clockDoubt: () => null,
};

let roots: readonly string[] | undefined;

/** Node alone knows the authorities it was built with; people add theirs to the system. Asked once: it takes a while. */
export function systemRoots(): readonly string[] {
  roots ??= [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
  return roots;
}
