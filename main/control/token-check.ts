/** Compares tokens in constant time. Whoever has the control token is administrator. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Identity } from '../api/context.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export class TokenCheck {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digest(token);
  }

  /** Null for a token that is not ours. */
  identify(token: unknown): Identity | null {
    const isOurs = typeof token === 'string' && timingSafeEqual(digest(token), this.#digest);
    return isOurs ? { name: 'control token', role: 'administrator', rights: ['capture'] } : null;
  }

  /** From the header `Authorization: Bearer …`; a token is never read from a query or a cookie. */
  identifyRequest({ headersDistinct: { authorization = [] } }: IncomingMessage): Identity | null {
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization.length === 1 ? (authorization[0] ?? '') : '') ?? [];
    return this.identify(token);
  }
}
