/** The registry of devices: the one place where one is added, changed or removed, and where a login is judged. */
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type DeviceChange,
  type DeviceConnection,
  type DeviceInput,
  type DeviceKey,
  type DeviceProfile,
  type DeviceView,
  deviceLabel,
} from '../../shared/device.ts';
import { SluiceError } from '../../shared/errors.ts';
import { userId } from '../../shared/name.ts';
import { areCredentialsRight, hashCredentials } from '../access/device-credentials.ts';
import type { Secrets } from '../store/secrets.ts';
import type { SeenFile } from '../store/seen-file.ts';
import type { Store } from '../store/store.ts';
import { badRequest } from './bad-request.ts';
import type { ChangeQueue } from './change-queue.ts';
import { type DeviceFacts, DeviceFigures } from './device-figures.ts';

const SAMPLE_MS = 1000;
const PURPOSE = 'device credentials';

/** The hub as the registry needs it. */
export interface DeviceHub {
  facts(user: string, device: string): DeviceFacts;
  /** Cuts a live connection. */
  disconnect(user: string, device: string, why: string): void;
}

export interface DevicesOptions {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly seen: SeenFile;
  readonly changes: ChangeQueue;
  readonly hub: () => DeviceHub;
  /** A device was added, changed or removed. */
  readonly onChanged: (key: DeviceKey) => void;
}

export interface Login extends DeviceKey {
  readonly credentials: string;
}
export type LoginVerdict = 'ok' | 'unknown' | 'wrong' | 'disabled';

export class Devices {
  readonly #options: DevicesOptions;
  readonly #figures = new DeviceFigures();
  /** Stands in where there is no usable secret.key, so that no login is right. */
  readonly #noKey = randomBytes(32);
  #index: { readonly of: readonly DeviceProfile[]; readonly byLabel: ReadonlyMap<string, DeviceProfile> } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DevicesOptions) {
    this.#options = options;
  }

  /** Begins to measure, and to keep when each device was last heard of. */
  start(): void {
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
    this.#options.seen.start(() => this.#lastSeen());
  }

  /** May be called twice. */
  stop(): void {
    clearInterval(this.#timer);
    this.#options.seen.close();
  }

  /** All devices in the order of their making; of one account where it is named. */
  list(user?: string): DeviceView[] {
    return this.#all.filter((device) => user === undefined || device.user === user).map((one) => this.#view(one));
  }

  /** Throws DEVICE_NOT_FOUND. */
  get(key: DeviceKey): DeviceView {
    return this.#view(this.#get(key));
  }

  has(key: DeviceKey): boolean {
    return this.#find(key) !== undefined;
  }

  /** What the hub wants to know of a name; undefined where there is no such device. */
  known(key: DeviceKey): { readonly lastSeen: number | null } | undefined {
    return this.has(key) ? { lastSeen: this.lastSeen(key) } : undefined;
  }

  /** A device and how it does; undefined when it is gone. */
  view(key: DeviceKey): DeviceView | undefined {
    const profile = this.#find(key);
    return profile && this.#view(profile);
  }

  counts(): { readonly total: number; readonly online: number } {
    return { total: this.#all.length, online: this.#all.filter((key) => this.#facts(key).active).length };
  }

  /** When it was last heard of, wall clock milliseconds, before or after the last restart. */
  lastSeen(key: DeviceKey): number | null {
    const times = [this.#facts(key).lastSeen, this.#options.seen.get(deviceLabel(key))];
    return times.reduce((one, other) => (one === null || (other !== null && other > one) ? other : one));
  }

  /** Judges a login. An unknown device takes the work of a known one, and only right credentials learn of "disabled". */
  verify({ credentials, ...key }: Login): LoginVerdict {
    const profile = this.#find(key);
    const hashKey = this.#options.secrets.key(PURPOSE) ?? this.#noKey;
    const isRight = areCredentialsRight(hashKey, credentials, profile?.credentials);
    if (!profile) return 'unknown';
    if (!isRight) return 'wrong';
    return profile.enabled ? 'ok' : 'disabled';
  }

  /** Throws DEVICE_EXISTS, BAD_REQUEST, CONFIG_NOT_SAVED, SECRETS_UNREADABLE. */
  create(user: string, input: DeviceInput): Promise<DeviceView> {
    return this.#options.changes.run(async () => {
      const { device } = input;
      refuseOtherKey({ user, device }, input);
      if (this.has({ user, device })) throw new SluiceError('DEVICE_EXISTS', { user, device });
      const now = Date.now();
      const profile: DeviceProfile = {
        user,
        device,
        name: input.name ?? device,
        description: input.description ?? '',
        type: 'Generic',
        enabled: input.enabled ?? true,
        credentials: this.#hash(input.credentials),
        created: now,
        modified: now,
      };
      this.#save([...this.#all, profile]);
      this.#options.onChanged(profile);
      return this.#view(profile);
    });
  }

  /**
   * New credentials count from the next login; disabling cuts a live connection.
   * Throws DEVICE_NOT_FOUND, BAD_REQUEST, CONFIG_NOT_SAVED, SECRETS_UNREADABLE.
   */
  update(key: DeviceKey, change: DeviceChange): Promise<DeviceView> {
    return this.#options.changes.run(async () => {
      const before = this.#get(key);
      refuseOtherKey(key, change);
      const changed: DeviceProfile = {
        ...before,
        name: change.name ?? before.name,
        description: change.description ?? before.description,
        enabled: change.enabled ?? before.enabled,
        credentials: this.#newHash(change.credentials, before),
      };
      if (isDeepStrictEqual(before, changed)) return this.#view(before);
      const after = { ...changed, modified: Math.max(Date.now(), before.modified + 1) };
      this.#save(this.#all.map((one) => (one === before ? after : one)));
      if (!after.enabled) this.#options.hub().disconnect(key.user, key.device, 'disabled');
      this.#options.onChanged(after);
      return this.#view(after);
    });
  }

  /** A live connection is cut when it resolves. Throws DEVICE_NOT_FOUND, CONFIG_NOT_SAVED. */
  remove(key: DeviceKey): Promise<void> {
    return this.#options.changes.run(async () => {
      const profile = this.#get(key);
      this.#save(this.#all.filter((one) => one !== profile));
      this.#options.hub().disconnect(key.user, key.device, 'removed');
      this.#figures.forget(deviceLabel(key));
      this.#options.seen.forget(deviceLabel(key));
      this.#options.onChanged(key);
    });
  }

  /** Devices whose figures changed since the last call. */
  trafficChanged(): (DeviceKey & { readonly connection: DeviceConnection })[] {
    const changed = this.#all.filter((key) => this.#figures.hasChanged(deviceLabel(key), this.#facts(key)));
    return changed.map(({ user, device }) => ({ user, device, connection: this.#connection({ user, device }) }));
  }

  get #all(): readonly DeviceProfile[] {
    return this.#options.store.config.devices;
  }

  /** Names from the wire can hold anything; with a slash in them they are the label of no device. */
  #find(key: DeviceKey): DeviceProfile | undefined {
    const all = this.#all;
    if (this.#index?.of !== all) this.#index = { of: all, byLabel: new Map(all.map((one) => [deviceLabel(one), one])) };
    return this.#index.byLabel.get(deviceLabel(key));
  }

  #get(key: DeviceKey): DeviceProfile {
    const profile = this.#find(key);
    if (!profile) throw new SluiceError('DEVICE_NOT_FOUND', { user: key.user, device: key.device });
    return profile;
  }

  #view({ credentials: _hash, ...profile }: DeviceProfile): DeviceView {
    return { ...profile, connection: this.#connection(profile) };
  }

  #connection(key: DeviceKey): DeviceConnection {
    return { ...this.#facts(key), lastSeen: this.lastSeen(key), ...this.#figures.of(deviceLabel(key)) };
  }

  #facts({ user, device }: DeviceKey): DeviceFacts {
    return this.#options.hub().facts(user, device);
  }

  #hash(credentials: string): string {
    return hashCredentials(this.#options.secrets.ensureKey(PURPOSE), credentials);
  }

  /** The same credentials sent again are no change. */
  #newHash(credentials: string | undefined, before: DeviceProfile): string {
    const isSame = credentials === undefined || ['ok', 'disabled'].includes(this.verify({ ...before, credentials }));
    return isSame ? before.credentials : this.#hash(credentials);
  }

  #sample(): void {
    const now = performance.now();
    for (const key of this.#all) this.#figures.sample(deviceLabel(key), this.#facts(key), now);
  }

  #lastSeen(): ReadonlyMap<string, number> {
    return new Map(
      this.#all.flatMap((key) => {
        const at = this.lastSeen(key);
        return at === null ? [] : [[deviceLabel(key), at] as const];
      }),
    );
  }

  #save(devices: readonly DeviceProfile[]): void {
    this.#options.store.save({ ...this.#options.store.config, devices });
  }
}

/** The body may repeat what the address says. */
function refuseOtherKey(key: DeviceKey, body: Partial<DeviceKey>): void {
  const account = userId.safeParse(key.user);
  if (!account.success) {
    throw badRequest([{ path: 'user', message: account.error.issues[0]?.message ?? '' }]);
  }
  if ((body.user ?? key.user) !== key.user) {
    throw badRequest([{ path: 'user', message: 'This must be the account in the address.' }]);
  }
  if ((body.device ?? key.device) !== key.device) {
    throw badRequest([{ path: 'device', message: 'The ID cannot change.' }]);
  }
}
