/** Finds the token of a request and whom it speaks for. */
import type { IncomingMessage } from 'node:http';
import type { Access } from '../api/access.ts';
import { type ControlUse, Seat } from '../api/seat.ts';

export class TokenCheck {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** Undefined for a token that is not ours. @param session  of a page that was unlocked before */
  seatOf(token: unknown, use: ControlUse, session?: string): Seat | undefined {
    return Seat.of(this.#access, token, use, session);
  }

  /** From the header `Authorization: Bearer …`; a token is never read from a query or a cookie. */
  seatOfRequest({ headersDistinct: { authorization = [] } }: IncomingMessage): Seat | undefined {
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization.length === 1 ? (authorization[0] ?? '') : '') ?? [];
    const seat = this.seatOf(token, 'program');
    // Nobody polls with a user's token unless told to.
    seat?.touch();
    return seat;
  }
}
