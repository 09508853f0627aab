import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { systemKeyStore } from '../../../main/electron/key-store.ts';

const { system } = vi.hoisted(() => ({ system: { backend: 'gnome_libsecret', isAvailable: true } }));
vi.mock('electron', () => ({
  safeStorage: {
    getSelectedStorageBackend: () => system.backend,
    isEncryptionAvailable: () => system.isAvailable,
    encryptString: (text: string) => Buffer.from(`sealed ${text}`),
    decryptString: (sealed: Buffer) => sealed.toString().replace('sealed ', ''),
  },
}));

function on(platform: NodeJS.Platform): void {
  const before = Object.getOwnPropertyDescriptor(process, 'platform');
  Object.defineProperty(process, 'platform', { value: platform, configurable: true });
  onTestFinished(() => {
    if (before) Object.defineProperty(process, 'platform', before);
  });
}

beforeEach(() => {
  system.backend = 'gnome_libsecret';
  system.isAvailable = true;
});

test('every byte of a key comes back', () => {
  const key = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const store = systemKeyStore();
  expect(store?.unseal(store.seal(key))).toEqual(key);
});

test.each(['basic_text', 'unknown'])('on Linux, %s is no key store', (backend) => {
  on('linux');
  system.backend = backend;
  expect(systemKeyStore()).toBeUndefined();
});

test.each(['linux', 'win32', 'darwin'] as const)('on %s there may be none', (platform) => {
  on(platform);
  expect(systemKeyStore()).toBeDefined();
  system.isAvailable = false;
  expect(systemKeyStore()).toBeUndefined();
});
