/** Secrets made to be looked for, and the search for them in every way that they may be written down. */
import { createPrivateKey, randomBytes } from 'node:crypto';

export class Canaries {
  /** Ways to write each, by the name of the secret. */
  readonly #forms = new Map<string, readonly string[]>();

  /** A new secret text. */
  text(name: string): string {
    const secret = `canary-${name}-${randomBytes(12).toString('hex')}`;
    this.#forms.set(name, formsOf(Buffer.from(secret)));
    return secret;
  }

  /** A key that is there already, in PEM. */
  key(name: string, pem: string): void {
    const { d = '' } = createPrivateKey(pem).export({ format: 'jwk' });
    this.#forms.set(name, formsOf(Buffer.from(d, 'base64url').subarray(8, 32)));
  }

  /** `<secret> in <place>` for each that is found. */
  in(places: Readonly<Record<string, string | Buffer>>): string[] {
    return Object.entries(places).flatMap(([place, content]) => {
      const text = Buffer.from(content).toString('latin1');
      // PEM, and PEM within JSON, break their lines.
      const whole = `${text}\n${text.replace(/\r|\n|\\r|\\n/g, '')}`;
      return [...this.#forms]
        .filter(([, forms]) => forms.some((form) => whole.includes(form)))
        .map(([name]) => `${name} in ${place}`);
    });
  }
}

function formsOf(secret: Buffer): string[] {
  const hex = secret.toString('hex');
  return [
    ...[secret, Buffer.from(secret.toString('latin1'), 'utf16le')].map((bytes) => bytes.toString('latin1')),
    ...[hex, hex.toUpperCase()],
    ...[0, 1, 2].flatMap((at) => [base64At(secret, at, 'base64'), base64At(secret, at, 'base64url')]),
  ];
}

/** What every base64 text holds that has the secret `at` bytes behind a group of three. */
function base64At(secret: Buffer, at: number, how: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(at), secret])
    .toString(how)
    .replace(/=+$/, '');
  return text.slice(at === 0 ? 0 : at + 1, -2);
}
