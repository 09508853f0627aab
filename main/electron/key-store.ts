/** The key store of the system (Keychain, DPAPI, Secret Service, KWallet), which seals what only this user may open. */
import { safeStorage } from 'electron';
import type { KeyProtector } from '../store/secret-key.ts';

/** Call it once Electron is ready. Undefined where the system has none, or one that keeps nothing from anybody. */
export function systemKeyStore(): KeyProtector | undefined {
  if (process.platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend();
    // basic_text hides with a password that every Chromium knows.
    if (backend === 'basic_text' || backend === 'unknown') return undefined;
  }
  if (!safeStorage.isEncryptionAvailable()) return undefined;
  return {
    seal: (key) => safeStorage.encryptString(key.toString('base64')),
    unseal: (sealed) => Buffer.from(safeStorage.decryptString(sealed), 'base64'),
  };
}
