/** The key of this site, and those of others whose bundles are trusted. All of them are sealed, so that none slips in. */
import { z } from 'zod';
import { SluiceError } from '../../../shared/errors.ts';
import {
  type BundleSignature,
  MAX_SIGNERS,
  type SignerInput,
  type SignerList,
  type SignerView,
  signerInput,
} from '../../../shared/site.ts';
import { fingerprintOf, makeSiteKey, publicKeyOf } from '../../bundle/site-key.ts';
import type { Secrets } from '../../store/secrets.ts';
import { badRequest } from '../bad-request.ts';

const OWN = 'site:key';
const TRUSTED = 'site:signers';
const list = z.array(signerInput).max(MAX_SIGNERS);

const viewOf = ({ name, key }: SignerInput): SignerView => ({ name, key, fingerprint: fingerprintOf(key) });

export class Signers {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** The private key in PEM; made on first need. Throws SECRETS_UNREADABLE, CONFIG_NOT_SAVED. */
  ensureKey(): string {
    const known = this.#secrets.get(OWN);
    if (known !== undefined) return known;
    const made = makeSiteKey();
    this.#secrets.change(new Map([[OWN, made]]));
    return made;
  }

  /** Null before the first export. */
  get own(): SignerView | null {
    const pem = this.#usable(OWN);
    return pem === undefined ? null : viewOf({ name: 'This site', key: publicKeyOf(pem) });
  }

  get list(): SignerList {
    return { own: this.own, trusted: this.#trusted.map(viewOf) };
  }

  signature(key: string): BundleSignature {
    const fingerprint = fingerprintOf(key);
    if (this.own?.key === key) return { fingerprint, key, trust: 'own', name: 'This site' };
    const known = this.#trusted.find((one) => one.key === key);
    return { fingerprint, key, trust: known ? 'trusted' : 'unknown', name: known?.name ?? '' };
  }

  /** Throws BAD_REQUEST, CONFIG_NOT_SAVED, SECRETS_UNREADABLE. */
  trust(signer: SignerInput): SignerView {
    const others = this.#trusted.filter(({ key }) => key !== signer.key);
    if (others.length >= MAX_SIGNERS)
      throw badRequest([{ path: 'key', message: `There are ${MAX_SIGNERS} keys already.` }]);
    this.#save([...others, signer]);
    return viewOf(signer);
  }

  /** Throws SIGNER_NOT_FOUND, CONFIG_NOT_SAVED. */
  distrust(fingerprint: string): void {
    const rest = this.#trusted.filter(({ key }) => fingerprintOf(key) !== fingerprint);
    if (rest.length === this.#trusted.length) throw new SluiceError('SIGNER_NOT_FOUND', { fingerprint });
    this.#save(rest);
  }

  get #trusted(): readonly SignerInput[] {
    const text = this.#usable(TRUSTED);
    return text === undefined ? [] : (list.safeParse(JSON.parse(text)).data ?? []);
  }

  #save(signers: readonly SignerInput[]): void {
    this.#secrets.change(new Map([[TRUSTED, signers.length === 0 ? undefined : JSON.stringify(signers)]]));
  }

  /** What cannot be opened any more is nobody's key. */
  #usable(name: string): string | undefined {
    try {
      return this.#secrets.get(name);
    } catch {
      return undefined;
    }
  }
}
