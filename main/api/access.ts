/** Who may operate: users, their logins and the tokens of programs. Every change holds at once, also for open pages. */

import { isDeepStrictEqual } from 'node:util';
import { SluiceError } from '../../shared/errors.ts';
import type {
  AccessSettings,
  ApiToken,
  ApiTokenInput,
  LoginInput,
  User,
  UserChange,
  UserInput,
  UserView,
} from '../../shared/user.ts';
import { GuessDelay } from '../access/guess-delay.ts';
import type { Identity } from '../access/identity.ts';
import { hashPassword, inTurn, isPasswordRight } from '../access/password.ts';
import { Sessions } from '../access/sessions.ts';
import { digestOf, isSameDigest, newToken, pageTokenOf } from '../access/token.ts';
import { type AccessFile, freshAccess, type StoredAccess, type StoredUser } from '../store/access-file.ts';
import type { ChangeQueue } from './change-queue.ts';

/** What is worth remembering of logins. `failed` names what was typed as a name only where such a user exists. */
export interface SessionEvent {
  readonly type: 'unlocked' | 'locked' | 'failed' | 'delayed';
  readonly user: string;
}

export interface AccessOptions {
  readonly file: AccessFile;
  readonly changes: ChangeQueue;
  /** Writes a new control token to the data folder and gives it. */
  readonly renewControlToken: () => string;
  readonly onSession?: ((event: SessionEvent) => void) | undefined;
  /** Something else is stored now; both without hashes and digests. */
  readonly onSaved?: ((before: object, after: object) => void) | undefined;
  /** Wall clock milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Shared by all names that no user has. */
const STRANGER = '';
const DAY_MS = 24 * 60 * 60_000;

export class Access {
  readonly sessions: Sessions;
  readonly #options: AccessOptions;
  readonly #now: () => number;
  readonly #delay: GuessDelay;
  readonly #listeners = new Set<() => void>();
  #controlDigest = '';
  #pageToken = '';
  #stored: StoredAccess = freshAccess;
  #fault: SluiceError | undefined;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#delay = new GuessDelay(options.now);
    this.sessions = new Sessions({
      autoLockMs: () => this.#stored.autoLockMinutes * 60_000,
      now: options.now,
      onLocked: (user) => this.#told({ type: 'locked', user }),
    });
  }

  /** What could not be read. Whoever is no program is locked out then. */
  open(): SluiceError | undefined {
    try {
      this.#stored = this.#options.file.read();
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      this.#fault = thrown;
    }
    return this.#fault;
  }

  stop(): void {
    this.sessions.stop();
    this.changed();
  }

  /** Whether pages ask for a password. */
  get isGuarded(): boolean {
    return this.#fault !== undefined || this.#stored.users.length > 0;
  }

  get wasPutOff(): boolean {
    return this.#stored.wasPutOff;
  }

  get settings(): AccessSettings {
    const { autoLockMinutes, contact } = this.#stored;
    return { autoLockMinutes, contact };
  }

  get users(): UserView[] {
    return this.#stored.users.map(({ hash, ...user }) => ({ ...user, hasPassword: hash !== '' }));
  }

  /** With their hashes, for the site bundle. */
  get accounts(): readonly StoredUser[] {
    return this.#stored.users;
  }

  /** What access.json holds, byte for byte. */
  get text(): string {
    return this.#options.file.text;
  }

  /** Takes the place of all users; whoever is changed by it unlocks again. Throws CONFIG_NOT_SAVED. */
  replaceUsers(users: readonly StoredUser[]): void {
    this.#follow(() => this.#save({ users: [...users] }));
  }

  /** Puts back what {@link text} was, byte for byte. Throws CONFIG_NOT_SAVED. */
  restore(text: string): void {
    if (text === this.text) return;
    this.#follow(() => {
      const before = this.#shown;
      this.#options.file.restore(text);
      this.open();
      this.#options.onSaved?.(before, this.#shown);
    });
  }

  get tokens(): ApiToken[] {
    return this.#stored.tokens.map(({ digest: _, ...token }) => token);
  }

  /** An empty one lets nobody in. */
  set controlToken(token: string) {
    this.#controlDigest = token === '' ? '' : digestOf(token);
    this.#pageToken = token === '' ? '' : pageTokenOf(token);
  }

  isControl(digest: string): boolean {
    return isSameDigest(digest, this.#controlDigest);
  }

  /** What pages get for the control token, so that whoever unlocks one does not have that. */
  get pageToken(): string {
    return this.#pageToken;
  }

  isPage(digest: string): boolean {
    return this.#pageToken !== '' && isSameDigest(digest, digestOf(this.#pageToken));
  }

  /** Undefined for a name that nobody has. */
  user(name: string): Identity | undefined {
    return this.#stored.users.find((one) => one.name === name);
  }

  /** Undefined for a token that is none, was revoked or has ended. */
  token(digest: string): Identity | undefined {
    const found = this.#stored.tokens.find((one) => isSameDigest(one.digest, digest));
    return found && (found.expires === null || found.expires > this.#now()) ? found : undefined;
  }

  /** Listens to whatever may change who may do what; gives the way out. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Wakes who follows whom they speak for. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /**
   * The token of a new session, of which its seat tells. Throws LOGIN_REFUSED, LOGIN_DELAYED.
   * @param before  digest of the session of that page
   */
  async logIn({ name, password, minutes }: LoginInput, before?: string): Promise<string> {
    await this.#check(name, password);
    const token = this.sessions.begin(name, { before, limitMs: minutes === null ? undefined : minutes * 60_000 });
    this.#options.onSession?.({ type: 'unlocked', user: name });
    return token;
  }

  lock(digest: string): void {
    const user = this.sessions.end(digest);
    if (user !== undefined) this.#told({ type: 'locked', user });
  }

  /** Throws USER_EXISTS, BAD_REQUEST, CONFIG_NOT_SAVED. */
  async createUser({ password, ...input }: UserInput): Promise<User> {
    const hash = await hashPassword(password);
    return this.#options.changes.run(async () => {
      if (this.user(input.name)) throw new SluiceError('USER_EXISTS', { name: input.name });
      if (!this.#stored.users.length && input.role !== 'administrator') {
        const issues = [{ path: 'role', message: 'The first user is an administrator.' }];
        throw new SluiceError('BAD_REQUEST', { reason: 'The first user is an administrator.', issues });
      }
      const made = { ...input, created: this.#now() };
      this.#save({ users: [...this.#stored.users, { ...made, hash }] });
      return made;
    });
  }

  /** Throws USER_NOT_FOUND, LAST_ADMINISTRATOR, CONFIG_NOT_SAVED. A new password ends the sessions of that user. */
  async updateUser(name: string, { password, ...change }: UserChange): Promise<User> {
    const hash = password === undefined ? undefined : await hashPassword(password);
    return this.#options.changes.run(async () => {
      const found = this.#stored.users.find((one) => one.name === name);
      if (!found) throw new SluiceError('USER_NOT_FOUND', { name });
      const next = { ...found, ...change, hash: hash ?? found.hash };
      const users = this.#stored.users.map((one) => (one === found ? next : one));
      refuseWithoutAdministrator(users, name);
      if (hash !== undefined) this.sessions.endAllOf(name);
      this.#save({ users });
      const { hash: _, ...user } = next;
      return user;
    });
  }

  /** Throws as {@link updateUser} does. */
  removeUser(name: string): Promise<{ name: string }> {
    return this.#options.changes.run(async () => {
      if (!this.user(name)) throw new SluiceError('USER_NOT_FOUND', { name });
      const users = this.#stored.users.filter((one) => one.name !== name);
      refuseWithoutAdministrator(users, name);
      this.#save({ users });
      this.sessions.endAllOf(name);
      this.changed();
      return { name };
    });
  }

  /** Throws LOGIN_REFUSED, LOGIN_DELAYED, USER_NOT_FOUND, CONFIG_NOT_SAVED. */
  async changePassword(name: string, present: string, next: string): Promise<void> {
    if (!this.user(name)) throw new SluiceError('USER_NOT_FOUND', { name });
    await this.#check(name, present);
    await this.updateUser(name, { password: next });
  }

  /** Throws TOKEN_EXISTS, CONFIG_NOT_SAVED. */
  createToken({ days, ...input }: ApiTokenInput): Promise<ApiToken & { token: string }> {
    return this.#options.changes.run(async () => {
      if (this.#stored.tokens.some(({ name }) => name === input.name)) {
        throw new SluiceError('TOKEN_EXISTS', { name: input.name });
      }
      const token = newToken();
      const created = this.#now();
      const made = { ...input, created, expires: days === null ? null : created + days * DAY_MS };
      this.#save({ tokens: [...this.#stored.tokens, { ...made, digest: digestOf(token) }] });
      return { ...made, token };
    });
  }

  /** Throws TOKEN_NOT_FOUND, CONFIG_NOT_SAVED. */
  revokeToken(name: string): Promise<{ name: string }> {
    return this.#options.changes.run(async () => {
      const tokens = this.#stored.tokens.filter((one) => one.name !== name);
      if (tokens.length === this.#stored.tokens.length) throw new SluiceError('TOKEN_NOT_FOUND', { name });
      this.#save({ tokens });
      return { name };
    });
  }

  /** The old one is good for nothing from now on. Throws CONFIG_NOT_SAVED. */
  renewControlToken(): void {
    this.controlToken = this.#options.renewControlToken();
    this.changed();
  }

  putOff(): Promise<void> {
    return this.#options.changes.run(async () => this.#save({ wasPutOff: true }));
  }

  /** Throws CONFIG_NOT_SAVED. */
  change(settings: Partial<AccessSettings>): Promise<AccessSettings> {
    return this.#options.changes.run(async () => {
      this.#save(settings);
      return this.settings;
    });
  }

  /** One guess is worked out at a time; each looks at the delay when its turn has come. */
  async #check(name: string, password: string): Promise<void> {
    const found = this.#stored.users.find((one) => one.name === name);
    const counted = found ? name : STRANGER;
    await inTurn(async () => {
      const waitMs = this.#delay.waitOf(counted);
      if (waitMs > 0) {
        this.#options.onSession?.({ type: 'delayed', user: counted });
        throw new SluiceError('LOGIN_DELAYED', { seconds: Math.ceil(waitMs / 1000) });
      }
      if (await isPasswordRight(password, found?.hash || undefined)) return this.#delay.hit(counted);
      this.#delay.missed(counted);
      this.#options.onSession?.({ type: 'failed', user: counted });
      throw new SluiceError('LOGIN_REFUSED');
    });
  }

  get #shown(): object {
    return { users: this.users, tokens: this.tokens, access: { ...this.settings, wasPutOff: this.wasPutOff } };
  }

  /** Ends the sessions of those who are others afterwards. */
  #follow(work: () => void): void {
    const before = this.#stored.users;
    work();
    const after = new Map(this.#stored.users.map((one) => [one.name, one]));
    for (const one of before) if (!isDeepStrictEqual(after.get(one.name), one)) this.sessions.endAllOf(one.name);
    this.changed();
  }

  #save(change: Partial<StoredAccess>): void {
    const before = this.#shown;
    const next = { ...this.#stored, ...change };
    this.#options.file.write(next);
    this.#stored = next;
    this.#fault = undefined;
    this.#options.onSaved?.(before, this.#shown);
    this.changed();
  }

  #told(event: SessionEvent): void {
    this.#options.onSession?.(event);
    this.changed();
  }
}

function refuseWithoutAdministrator(users: readonly StoredUser[], name: string): void {
  if (!users.some(({ role, hash }) => role === 'administrator' && hash !== ''))
    throw new SluiceError('LAST_ADMINISTRATOR', { name });
}
