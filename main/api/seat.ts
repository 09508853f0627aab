/** Whom a connection speaks for, looked up with each call: what was revoked, changed or locked holds at once. */

import { SluiceError } from '../../shared/errors.ts';
import type { LoginInput, SessionView } from '../../shared/user.ts';
import type { Identity } from '../access/identity.ts';
import { digestOf } from '../access/token.ts';
import type { Access } from './access.ts';

/**
 * Who shows the control token. A `program` is administrator; a `page` is one too until there is an administrator
 * password, and from then on what a user unlocks; a `watcher`, such as the icon in the tray, then only looks.
 */
export type ControlUse = 'program' | 'page' | 'watcher';

type Ground =
  | { readonly kind: 'control'; readonly digest: string; readonly use: ControlUse; readonly name: string }
  | { readonly kind: 'token'; readonly digest: string }
  | { readonly kind: 'session' };

export class Seat {
  readonly #access: Access;
  readonly #ground: Ground;
  #session: string | undefined;

  private constructor(access: Access, ground: Ground, session?: string) {
    this.#access = access;
    this.#ground = ground;
    this.#session = session;
  }

  /** For the token that somebody shows; undefined for one that is not ours. */
  static of(access: Access, token: unknown, use: ControlUse, session?: string): Seat | undefined {
    if (typeof token !== 'string') return undefined;
    const digest = digestOf(token);
    const resumed = session === undefined ? undefined : digestOf(session);
    if (access.isControl(digest) || (use === 'page' && access.isPage(digest))) {
      return new Seat(access, { kind: 'control', digest, use, name: 'control token' }, resumed);
    }
    if (access.token(digest)) return new Seat(access, { kind: 'token', digest });
    if (!access.sessions.find(digest)) return undefined;
    // Whoever has unlocked by name needs no control token for a page, which can be locked and unlocked again.
    const page = { kind: 'control', digest: digestOf(access.pageToken), use, name: 'control token' } as const;
    return new Seat(access, use === 'page' ? page : { kind: 'session' }, digest);
  }

  /** For whoever sits at the window of the application that hosts the gateway, and could read the control token. */
  static here(access: Access, use: ControlUse): Seat {
    return new Seat(access, { kind: 'control', digest: '', use, name: 'desktop' });
  }

  /** Null while locked, and where the token is no longer good. */
  get identity(): Identity | null {
    const ground = this.#ground;
    if (ground.kind === 'token') return this.#access.token(ground.digest) ?? null;
    if (ground.kind === 'session') return this.#user;
    if (!this.#isGood(ground.digest)) return null;
    const { name, use } = ground;
    if (use === 'program' || !this.#access.isGuarded) return { name, role: 'administrator', rights: ['capture'] };
    return use === 'watcher' ? { name, role: 'viewer', rights: [] } : this.#user;
  }

  /** Whether a password would help. */
  get isLocked(): boolean {
    const ground = this.#ground;
    if (ground.kind === 'token' || this.identity) return false;
    return ground.kind === 'session' || this.#isGood(ground.digest);
  }

  /** For pages that show the control token: what they keep in its place. */
  get pageToken(): string | undefined {
    const ground = this.#ground;
    return ground.kind === 'control' && ground.use === 'page' ? this.#access.pageToken : undefined;
  }

  get view(): SessionView {
    const { identity } = this;
    const session = this.#session === undefined ? undefined : this.#access.sessions.find(this.#session);
    return {
      state: !identity ? 'locked' : this.#access.isGuarded ? 'unlocked' : 'unguarded',
      name: identity?.name ?? null,
      role: identity?.role ?? null,
      rights: [...(identity?.rights ?? [])],
      under: identity ? (session?.under ?? null) : null,
      wasPutOff: this.#access.wasPutOff,
      ...this.#access.settings,
    };
  }

  /** Wall clock milliseconds; null where nothing locks. */
  get locksAt(): number | null {
    return (this.#session !== undefined && this.#access.sessions.find(this.#session)?.locksAt) || null;
  }

  /** Throws LOGIN_REFUSED, LOGIN_DELAYED; BAD_REQUEST for programs, which ask for tokens of their own. */
  async unlock(login: LoginInput): Promise<string> {
    const ground = this.#ground;
    if (ground.kind !== 'control' || ground.use !== 'page') {
      throw new SluiceError('BAD_REQUEST', { reason: 'Only pages are unlocked. Programs ask POST /oauth/token.' });
    }
    const token = await this.#access.logIn(login, this.#session);
    this.#session = digestOf(token);
    this.#access.changed();
    return token;
  }

  lock(): void {
    if (this.#session !== undefined) this.#access.lock(this.#session);
  }

  touch(): void {
    if (this.#session !== undefined) this.#access.sessions.touch(this.#session);
  }

  /** The view now, and again whenever it has changed. */
  async *follow(signal?: AbortSignal): AsyncGenerator<SessionView, void> {
    let wake = Promise.withResolvers<void>();
    const ring = (): void => wake.resolve();
    const leave = this.#access.onChanged(ring);
    signal?.addEventListener('abort', ring);
    let told = '';
    try {
      while (!signal?.aborted) {
        wake = Promise.withResolvers<void>();
        const { view } = this;
        const text = JSON.stringify(view);
        if (text === told) await wake.promise;
        else yield view;
        told = text;
      }
    } finally {
      leave();
      signal?.removeEventListener('abort', ring);
    }
  }

  /** Of the window of the application it is empty: nobody shows a token there. */
  #isGood(digest: string): boolean {
    return digest === '' || this.#access.isControl(digest) || this.#access.isPage(digest);
  }

  get #user(): Identity | null {
    const session = this.#session === undefined ? undefined : this.#access.sessions.find(this.#session);
    return (session && this.#access.user(session.user)) ?? null;
  }
}
