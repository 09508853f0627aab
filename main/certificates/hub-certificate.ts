/**
 * The certificate that the hub shows on TLS: `hub.crt` and `hub.key` in a folder of their own, made at the first start
 * and renewed before they end. A certificate that somebody else issued and put there is used as it is.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors.ts';
import { DAY_MS, ORGANISATION } from './issue.ts';
import { issueSelfSigned } from './self-signed.ts';

const RENEW_BEFORE_MS = 30 * DAY_MS;

/** PEM texts, and the SHA-256 of the certificate as `AB:CD:…`. */
export interface KeptCertificate {
  readonly key: string;
  readonly cert: string;
  readonly fingerprint: string;
}

interface Kept extends KeptCertificate {
  /** When it has to be made anew, wall clock ms; never where it is not ours. */
  readonly renewAt: number;
}

export class HubCertificate {
  readonly #folder: string;
  readonly #onReplaced: (why: string) => void;
  #kept: Kept | undefined;

  /**
   * @param folder made with mode 0700 when it is needed
   * @param onReplaced told why a certificate that devices may have pinned was put aside, for the log
   */
  constructor(folder: string, onReplaced: (why: string) => void = () => {}) {
    this.#folder = folder;
    this.#onReplaced = onReplaced;
  }

  /**
   * The certificate to show now. Cheap but for the first call and for renewals.
   * @throws SluiceError `DATA_FOLDER_UNUSABLE` where it cannot be kept
   */
  present(nowMs = Date.now()): KeptCertificate {
    this.#kept ??= this.#read(nowMs);
    if (!this.#kept || nowMs >= this.#kept.renewAt) {
      if (this.#kept) this.#onReplaced('The certificate of the hub ends soon and was made anew.');
      this.#kept = this.#make(nowMs);
    }
    return this.#kept;
  }

  #path(name: 'hub.key' | 'hub.crt'): string {
    return join(this.#folder, name);
  }

  #read(nowMs: number): Kept | undefined {
    let key: string;
    let cert: string;
    try {
      key = readFileSync(this.#path('hub.key'), 'utf8');
      cert = readFileSync(this.#path('hub.crt'), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw this.#unusable(error);
    }
    try {
      return inspect(key, cert);
    } catch {
      this.#putAside(nowMs);
      return undefined;
    }
  }

  #putAside(nowMs: number): void {
    this.#onReplaced(`The certificate of the hub cannot be used; it is kept as hub.crt.damaged-${nowMs}.`);
    this.#write(() => {
      for (const name of ['hub.key', 'hub.crt'] as const) {
        renameSync(this.#path(name), `${this.#path(name)}.damaged-${nowMs}`);
      }
    });
  }

  #make(nowMs: number): Kept {
    const { key, cert } = issueSelfSigned(nowMs);
    this.#write(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      // A kill between the two leaves a pair that does not match, which the next start puts aside.
      replace(this.#path('hub.key'), key);
      replace(this.#path('hub.crt'), cert);
    });
    return inspect(key, cert);
  }

  #write(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw this.#unusable(error);
    }
  }

  #unusable(cause: unknown): SluiceError {
    const reason = cause instanceof Error ? cause.message : 'the disk refused';
    return new SluiceError('DATA_FOLDER_UNUSABLE', { folder: this.#folder, reason }, { cause });
  }
}

/** Throws where the two cannot be used together. */
function inspect(key: string, cert: string): Kept {
  const certificate = new X509Certificate(cert);
  if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Error('Key and certificate are no pair.');
  const isOurs = certificate.issuer === certificate.subject && certificate.subject.includes(`O=${ORGANISATION}`);
  const renewAt = isOurs ? certificate.validToDate.getTime() - RENEW_BEFORE_MS : Number.POSITIVE_INFINITY;
  return { key, cert, fingerprint: certificate.fingerprint256, renewAt };
}

function replace(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(temporary, path);
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
