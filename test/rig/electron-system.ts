/** The rest of the system: power, key store, other programs, network. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { desk, fault } from './desk.ts';
import { app, options } from './electron-app.ts';

class PowerMonitor extends EventEmitter {
  isOnBatteryPower(): boolean {
    return false;
  }
}
export const powerMonitor = new PowerMonitor();

class PowerSaveBlocker {
  #lastId = 0;

  start(type: string): number {
    if (type !== 'prevent-app-suspension' && type !== 'prevent-display-sleep') throw fault(`No blocker is '${type}'.`);
    desk.blockers.set(++this.#lastId, type);
    return this.#lastId;
  }
  stop(id: number): boolean {
    return desk.blockers.delete(id);
  }
  isStarted(id: number): boolean {
    return desk.blockers.has(id);
  }
}
export const powerSaveBlocker = new PowerSaveBlocker();

/** Seals for real, but with a key that everybody can read here: it keeps nothing from anybody. */
class SafeStorage {
  readonly #key = createHash('sha256').update('the rig').digest();
  readonly #backend = options.keyStore ?? 'gnome_libsecret';

  getSelectedStorageBackend(): string {
    this.#mustBeReady();
    return this.#backend === 'unavailable' ? 'unknown' : this.#backend;
  }
  isEncryptionAvailable(): boolean {
    this.#mustBeReady();
    return this.#backend === 'gnome_libsecret';
  }
  encryptString(text: string): Buffer {
    if (!this.isEncryptionAvailable()) throw new Error('Error while encrypting the text provided to safeStorage.');
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }
  decryptString(sealed: Buffer): string {
    if (!this.isEncryptionAvailable())
      throw new Error('Error while decrypting the ciphertext provided to safeStorage.');
    const cipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, 12));
    cipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([cipher.update(sealed.subarray(28)), cipher.final()]).toString('utf8');
  }
  #mustBeReady(): void {
    if (!app.isReady()) throw fault('safeStorage can be used after the application is ready.');
  }
}
export const safeStorage = new SafeStorage();

class Shell {
  async openExternal(url: string): Promise<void> {
    if (new URL(url).protocol !== 'https:') throw fault(`Only https may leave the application, not ${url}.`);
    desk.opened.push(url);
  }
  async openPath(path: string): Promise<string> {
    desk.opened.push(path);
    return '';
  }
  showItemInFolder(path: string): void {
    desk.opened.push(path);
  }
}
export const shell = new Shell();

class Net {
  isOnline(): boolean {
    return true;
  }
  fetch(input: string, init?: RequestInit): Promise<Response> {
    return fetch(input, init);
  }
}
export const net = new Net();

class CrashReporter {
  /** Nothing leaves this PC, so nothing may be told to send it. */
  start(wish: { readonly uploadToServer?: boolean; readonly submitURL?: string }): void {
    if (wish.uploadToServer !== false) throw fault('Crash reports must stay on this PC: uploadToServer must be false.');
  }
}
export const crashReporter = new CrashReporter();
