/**
 * What devices log in with, as keyed hashes: `<salt>.<HMAC-SHA256>`, both base64url. They are long random texts, so a
 * fast hash does, and a thousand devices can come back at once. Without the key the hashes cannot even be guessed at.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What is compared where there is no device, so that a guess takes the same work and time. */
const nobody = { salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };

export function hashCredentials(key: Buffer, credentials: string): string {
  const salt = randomBytes(SALT_BYTES);
  return `${salt.toString('base64url')}.${keyedHash(key, salt, credentials).toString('base64url')}`;
}

/** @param stored  the hash of the device; undefined where there is no such device, which is never right */
export function areCredentialsRight(key: Buffer, credentials: string, stored: string | undefined): boolean {
  const { salt, hash } = (stored !== undefined && parse(stored)) || nobody;
  const isEqual = timingSafeEqual(keyedHash(key, salt, credentials), hash);
  return isEqual && hash !== nobody.hash;
}

function keyedHash(key: Buffer, salt: Buffer, credentials: string): Buffer {
  return createHmac('sha256', key).update(salt).update(credentials).digest();
}

function parse(stored: string): typeof nobody | undefined {
  const [salt = '', hash = ''] = stored.split('.');
  const bytes = { salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') };
  return bytes.salt.length === SALT_BYTES && bytes.hash.length === HASH_BYTES ? bytes : undefined;
}
