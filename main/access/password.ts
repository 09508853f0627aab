/** Passwords as scrypt hashes with their own salt. One is worked out at a time: each takes 128 MiB and half a second. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

/** As it is stored: `scrypt$131072$8$1$<salt>$<hash>`, the last two in base64url. */
export const passwordHash = /^scrypt\$131072\$8\$1\$[\w-]{22}\$[\w-]{43}$/;

/** Stands in for users that do not exist, so that they take as long. */
const nobody = `scrypt$131072$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

let last: Promise<unknown> = Promise.resolve();

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await inTurn(() => derive(password, salt));
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** @param hash  undefined for a user that does not exist: never right */
export async function isPasswordRight(password: string, hash: string | undefined): Promise<boolean> {
  const [, , , , salt = '', stored = ''] = (hash ?? nobody).split('$');
  const derived = await derive(password, Buffer.from(salt, 'base64url'));
  const isSame = timingSafeEqual(derived, Buffer.from(stored, 'base64url'));
  return isSame && hash !== undefined;
}

/** Runs `work` when everything asked for before is done. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, cost, (error, hash) =>
      error ? reject(error) : resolve(hash),
    ),
  );
}
