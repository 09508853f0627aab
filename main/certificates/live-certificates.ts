/**
 * The certificates as the legs of proxies use them: opened once, and given out with a revision that changes with them.
 * What it gives is what the engine asks of a desk (engine/tls-desk.ts).
 */
import { type CertificateProfile, GATEWAY_CERTIFICATE } from '../../shared/certificate.ts';
import { asSluiceError, dateText, SluiceError } from '../../shared/errors.ts';

export interface LiveCertificatesOptions {
  /** The private key of a certificate in PEM. Throws SECRETS_UNREADABLE. */
  readonly keyOf: (certificate: string) => string | undefined;
  /** What the system trusts, in PEM. */
  readonly systemRoots: () => readonly string[];
  /** The latest moment that this PC is known to have lived through, and what tells so. */
  readonly lastKnown: () => { readonly atMs: number; readonly what: string };
}

interface Shown {
  readonly key: string;
  readonly cert: string;
  readonly revision: number;
}

/** Below this a clock is not worth a word: time zones of file systems, and clocks put right. */
const DOUBT_MS = 26 * 60 * 60 * 1000;

export class LiveCertificates {
  readonly #options: LiveCertificatesOptions;
  #profiles: ReadonlyMap<string, CertificateProfile> = new Map();
  readonly #shown = new Map<string, Shown>();
  readonly #revisions = new Map<string, number>();
  #roots: { readonly ca: readonly string[]; readonly revision: number } | undefined;
  #lastRevision = 0;

  constructor(options: LiveCertificatesOptions) {
    this.#options = options;
  }

  /** What there is from now on. Legs notice at their next connection. */
  apply(profiles: readonly CertificateProfile[]): void {
    const before = this.#profiles;
    this.#profiles = new Map(profiles.map((profile) => [profile.certificate, profile]));
    for (const id of new Set([...before.keys(), ...this.#profiles.keys()])) {
      const [was, is] = [before.get(id), this.#profiles.get(id)];
      if (was?.modified === is?.modified && was?.pem === is?.pem) continue;
      this.#shown.delete(id);
      this.#revisions.set(id, ++this.#lastRevision);
      this.#roots = undefined;
    }
  }

  server(certificate = GATEWAY_CERTIFICATE): Shown {
    return this.#pair(certificate);
  }

  client(certificate: string): Shown {
    return this.#pair(certificate);
  }

  clientCa(certificate: string): { readonly ca: string; readonly revision: number } {
    return { ca: this.#get(certificate).pem, revision: this.#revisions.get(certificate) ?? 0 };
  }

  trust(verify: 'system' | `ca:${string}`): { readonly ca: readonly string[]; readonly revision: number } {
    if (verify !== 'system') {
      const { ca, revision } = this.clientCa(verify.slice('ca:'.length));
      return { ca: [ca], revision };
    }
    this.#roots ??= {
      ca: [
        ...this.#options.systemRoots(),
        ...[...this.#profiles.values()].filter(({ isTrusted }) => isTrusted).map(({ pem }) => pem),
      ],
      revision: ++this.#lastRevision,
    };
    return this.#roots;
  }

  clockDoubt(nowMs: number): string | null {
    const { atMs, what } = this.#options.lastKnown();
    if (nowMs >= atMs - DOUBT_MS) return null;
    return `The clock of this PC is likely wrong: ${what} on ${dateText(atMs)}. Set the clock, then try again.`;
  }

  #get(certificate: string): CertificateProfile {
    const profile = this.#profiles.get(certificate);
    if (!profile) throw new SluiceError('CERTIFICATE_NOT_FOUND', { certificate });
    return profile;
  }

  #pair(certificate: string): Shown {
    const known = this.#shown.get(certificate);
    if (known) return known;
    const { pem, kind } = this.#get(certificate);
    if (kind === 'request') throw unusable(certificate, 'it waits for the signature of another CA');
    const key = this.#keyOf(certificate);
    if (key === undefined) throw unusable(certificate, 'its private key is not stored');
    const shown = { key, cert: pem, revision: this.#revisions.get(certificate) ?? 0 };
    this.#shown.set(certificate, shown);
    return shown;
  }

  #keyOf(certificate: string): string | undefined {
    try {
      return this.#options.keyOf(certificate);
    } catch (thrown) {
      throw unusable(certificate, asSluiceError(thrown).message);
    }
  }
}

const unusable = (certificate: string, reason: string): SluiceError =>
  new SluiceError('CERTIFICATE_UNUSABLE', { certificate, reason });
