/** Random tokens, of which only the digest is kept. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** Tokens are long and random, so a plain digest tells nothing of them. */
export const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** What a page keeps in the place of the control token: it opens the same pages and nothing else, until that is renewed. */
export const pageTokenOf = (controlToken: string): string =>
  createHmac('sha256', controlToken).update('the pages of Sluice').digest('base64url');

/** In constant time. */
export function isSameDigest(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
