/**
 * The `.sluice` file: what it holds is signed, compressed, and sealed with AES-256-GCM under a key that scrypt makes of
 * the passphrase. Nothing of it can be told without the passphrase. See docs/adr/0031-site-bundle.md.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { SluiceError } from '../../shared/errors.ts';
import { MAX_CONTENT_BYTES, MAX_FILE_BYTES } from '../../shared/site.ts';
import { isSignedBy, publicKeyOf, signed } from './site-key.ts';
import { parseStrictly } from './strict-json.ts';
import { Unreadable } from './unreadable.ts';

/** 64 MiB and about half a second for each try. Fixed: a file cannot ask for more. */
const COST = { N: 65_536, r: 8, p: 2, maxmem: 96 * 1024 * 1024 };
const KDF = 'scrypt-65536-8-2';
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const base64 = (bytes: number) => z.base64().refine((text) => Buffer.from(text, 'base64').length === bytes);
const head = {
  format: z.literal('sluice-bundle'),
  version: z.literal(1),
  kdf: z.literal(KDF),
  cipher: z.literal('aes-256-gcm'),
  salt: base64(SALT_BYTES),
  iv: base64(IV_BYTES),
};
const file = z.strictObject({ ...head, sealed: z.base64().max(MAX_FILE_BYTES) });
type Head = Omit<z.infer<typeof file>, 'sealed'>;
const inner = z.strictObject({ content: z.string(), signer: base64(32), signature: base64(64) });

export interface OpenedFile {
  /** As it was parsed; not checked yet. */
  readonly content: unknown;
  /** Public key of who signed it; the signature is right. */
  readonly signer: string;
}

export const isSealedFile = (text: string): boolean => /^\s*\{\s*"format"\s*:\s*"sluice-bundle"/.test(text);

/** @param siteKey private key in PEM. Throws BUNDLE_TOO_LARGE. */
export async function sealFile(content: unknown, passphrase: string, siteKey: string): Promise<string> {
  const text = JSON.stringify(content);
  if (Buffer.byteLength(text) > MAX_CONTENT_BYTES) throw new SluiceError('BUNDLE_TOO_LARGE', { most: '5 MiB' });
  const signature = signed(siteKey, Buffer.from(text));
  const plain = gzipSync(JSON.stringify({ content: text, signer: publicKeyOf(siteKey), signature }));
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(IV_BYTES);
  const shown: Head = {
    ...{ format: 'sluice-bundle', version: 1, kdf: KDF, cipher: 'aes-256-gcm' },
    ...{ salt: salt.toString('base64'), iv: iv.toString('base64') },
  };
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt), iv).setAAD(boundOf(shown));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
  const whole = `${JSON.stringify({ ...shown, sealed })}\n`;
  if (whole.length > MAX_FILE_BYTES) throw new SluiceError('BUNDLE_TOO_LARGE', { most: '900 KiB when it is sealed' });
  return whole;
}

/** Throws Unreadable, BUNDLE_PASSPHRASE (a damaged file looks the same), BUNDLE_SIGNATURE, BUNDLE_TOO_LARGE. */
export async function openFile(text: string, passphrase: string): Promise<OpenedFile> {
  const { data } = file.safeParse(parseStrictly(text));
  if (!data) throw new Unreadable('it is not a bundle of this version of Sluice');
  const { sealed, ...shown } = data;
  const plain = unsealed(
    Buffer.from(sealed, 'base64'),
    await keyOf(passphrase, Buffer.from(data.salt, 'base64')),
    shown,
  );
  const read = inner.safeParse(parseStrictly(unpacked(plain)));
  if (!read.success) throw new Unreadable('what is in it is not a bundle');
  const { content, signer, signature } = read.data;
  if (!isSignedBy(signer, Buffer.from(content), signature)) throw new SluiceError('BUNDLE_SIGNATURE');
  return { content: parseStrictly(content), signer };
}

function unsealed(bytes: Buffer, key: Buffer, shown: Head): Buffer {
  try {
    const iv = Buffer.from(shown.iv, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
      .setAAD(boundOf(shown))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new SluiceError('BUNDLE_PASSPHRASE', {}, { cause });
  }
}

/** A few bytes may unpack to gigabytes. */
function unpacked(bytes: Buffer): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: 2 * MAX_CONTENT_BYTES }).toString('utf8');
  } catch (cause) {
    const isLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isLarge ? new SluiceError('BUNDLE_TOO_LARGE', { most: '5 MiB' }) : new Unreadable('what is in it is damaged');
  }
}

const boundOf = ({ format, version, kdf, cipher, salt, iv }: Head): Buffer =>
  Buffer.from(JSON.stringify([format, version, kdf, cipher, salt, iv]));

/** The last one that is worked on: each takes 64 MiB, so they come one after the other. */
let last: Promise<unknown> = Promise.resolve();

function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  const make = () =>
    new Promise<Buffer>((resolve, reject) =>
      scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES, COST, (error, key) =>
        error ? reject(error) : resolve(key),
      ),
    );
  const done = last.then(make, make);
  last = done.catch(() => {});
  return done;
}
