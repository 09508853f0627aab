/**
 * Owns preferences.json, what a person chose for this desktop: nothing that a proxy needs hangs on it. What cannot be
 * read becomes the default, and the file as it was is kept beside it.
 */
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { screen } from 'electron';
import { z } from 'zod';
import { type DesktopPreferences, desktopPreferences } from '../../shared/desktop.ts';
import { SluiceError } from '../../shared/errors.ts';
import { diskReason } from '../store/durable-file.ts';
import type { KeyProtector } from '../store/secret-key.ts';
import { DesktopStore } from './desktop-store.ts';
import { systemKeyStore } from './key-store.ts';
import { placeOnScreen, type WindowPlace, windowPlace } from './window-place.ts';

const defaults: DesktopPreferences = { theme: 'system', startsAtLogin: false, notifies: true };

const content = z.strictObject({
  ...desktopPreferences.shape,
  place: windowPlace.optional(),
  /** Of the service that the window shows, sealed by the key store, base64. */
  token: z.string().optional(),
});
type Content = z.infer<typeof content>;

export class Preferences {
  readonly #store: DesktopStore<Content>;
  readonly #keyStore: () => KeyProtector | undefined;
  #content: Content;

  /** @throws SluiceError `DATA_FOLDER_UNUSABLE` */
  constructor(folder: string, keyStore: () => KeyProtector | undefined = systemKeyStore) {
    this.#keyStore = keyStore;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#content = read(join(folder, 'preferences.json'));
      this.#store = new DesktopStore<Content>({ cwd: folder, name: 'preferences', configFileMode: 0o600 });
    } catch (cause) {
      throw new SluiceError('DATA_FOLDER_UNUSABLE', { folder, reason: diskReason(cause) }, { cause });
    }
  }

  get view(): DesktopPreferences {
    const { theme, startsAtLogin, notifies } = this.#content;
    return { theme, startsAtLogin, notifies };
  }

  /** @throws SluiceError `CONFIG_NOT_SAVED` */
  update(change: Partial<DesktopPreferences>): DesktopPreferences {
    this.#save({ ...this.#content, ...desktopPreferences.partial().parse(change) });
    return this.view;
  }

  /** On the screens that there are now; undefined before the first one was kept. */
  get place(): WindowPlace | undefined {
    const { place } = this.#content;
    if (!place) return undefined;
    const first = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().filter(({ id }) => id !== first.id);
    return placeOnScreen(
      place,
      [first, ...others].map(({ workArea }) => workArea),
    );
  }

  keepPlace(place: WindowPlace): void {
    try {
      this.#save({ ...this.#content, place: windowPlace.parse(place) });
    } catch {
      // A full disk must not come between a person and the window; it opens where it last could be kept.
    }
  }

  /** Of the service that the window shows; undefined where none was kept or the key store does not open it. */
  get token(): string | undefined {
    const { token } = this.#content;
    if (token === undefined) return undefined;
    try {
      return this.#keyStore()?.unseal(Buffer.from(token, 'base64')).toString('utf8');
    } catch {
      return undefined;
    }
  }

  /** Keeps it for the next start, only where a key store seals it. */
  keepToken(token: string | undefined): void {
    const { token: _, ...rest } = this.#content;
    try {
      const sealed = token === undefined ? undefined : this.#keyStore()?.seal(Buffer.from(token));
      this.#save(sealed ? { ...rest, token: sealed.toString('base64') } : rest);
    } catch {
      // The person is asked for it again at the next start.
    }
  }

  #save(next: Content): void {
    try {
      this.#store.store = next;
    } catch (cause) {
      throw new SluiceError('CONFIG_NOT_SAVED', { reason: diskReason(cause) }, { cause });
    }
    this.#content = next;
  }
}

function read(path: string): Content {
  if (!existsSync(path)) return defaults;
  const found = json(readFileSync(path, 'utf8'));
  const whole = content.safeParse(found);
  if (whole.success) return whole.data;
  renameSync(path, `${path}.damaged-${Date.now()}`);
  return defaults;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
