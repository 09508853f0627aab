import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KeyProtector, SecretKeyOptions } from '../../../main/store/secret-key.ts';
import { Secrets } from '../../../main/store/secrets.ts';
import { contentsOf, faultOf, temporaryFolder } from '../../support/store.ts';

const CANARY = 'canary-5b1d20';
const alone = { isKeyNeeded: false };

/** As the key stores do it: sealing the same twice gives two texts, and no other store opens them. */
function keyStore(): KeyProtector {
  const key = randomBytes(32);
  return {
    seal(plain) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    unseal(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    },
  };
}

const locked: KeyProtector = {
  seal: () => {
    throw new Error('locked');
  },
  unseal: () => {
    throw new Error('locked');
  },
};

function opened(folder: string, options?: SecretKeyOptions): Secrets {
  const secrets = new Secrets(folder, options);
  expect(secrets.open(alone)).toEqual([]);
  return secrets;
}

/** With one value in it. */
function folderWith(options?: SecretKeyOptions): string {
  const folder = temporaryFolder();
  opened(folder, options).change(new Map([['agent:a', CANARY]]));
  return folder;
}

function expectValue(folder: string, options?: SecretKeyOptions): void {
  expect(opened(folder, options).get('agent:a')).toBe(CANARY);
}

const plainFile = (folder: string) => join(folder, 'secret.key');
const sealedFile = (folder: string) => join(folder, 'secret.sealed');

describe('with a key store', () => {
  test('the key is kept sealed only', () => {
    const protector = keyStore();
    const folder = folderWith({ protector });
    expect(readdirSync(folder).sort()).toEqual(['secret.sealed', 'secrets.json']);
    expectValue(folder, { protector });
    const key = protector.unseal(readFileSync(sealedFile(folder)));
    expect(key).toHaveLength(32);
    for (const text of Object.values(contentsOf(folder))) {
      expect(text).not.toContain(CANARY);
      for (const form of ['latin1', 'base64', 'base64url', 'hex'] as const)
        expect(text).not.toContain(key.toString(form));
    }
    if (process.platform !== 'win32') expect(statSync(sealedFile(folder)).mode & 0o777).toBe(0o600);
  });

  test('a key in clear is moved, and everything sealed under it still opens', () => {
    const folder = folderWith();
    const key = readFileSync(plainFile(folder));
    const protector = keyStore();
    expectValue(folder, { protector });
    expect(existsSync(plainFile(folder))).toBe(false);
    expect(protector.unseal(readFileSync(sealedFile(folder)))).toEqual(key);
    expectValue(folder, { protector });
  });

  test('a move that was cut short before secret.key went is finished', () => {
    const folder = folderWith();
    const protector = keyStore();
    const sealed = protector.seal(readFileSync(plainFile(folder)));
    writeFileSync(sealedFile(folder), sealed);
    expectValue(folder, { protector });
    expect(existsSync(plainFile(folder))).toBe(false);
    expect(readFileSync(sealedFile(folder))).toEqual(sealed);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['half of it', Buffer.alloc(30)],
    ['the key of something else', undefined],
  ])('secret.key counts where secret.sealed holds %s, which is kept aside', (_what, found) => {
    const folder = folderWith();
    const protector = keyStore();
    const other = found ?? protector.seal(randomBytes(32));
    writeFileSync(sealedFile(folder), other);
    expectValue(folder, { protector });
    expect(existsSync(plainFile(folder))).toBe(false);
    const [aside = ''] = readdirSync(folder).filter((name) => name.startsWith('secret.sealed.replaced-'));
    expect(readFileSync(join(folder, aside))).toEqual(other);
    expectValue(folder, { protector });
  });

  test.each([
    ['refuses', locked],
    ['opens something else', { ...keyStore(), unseal: () => randomBytes(32) }],
    ['gives back too little', { seal: (key: Buffer) => key, unseal: (sealed: Buffer) => sealed.subarray(1) }],
  ])('the key stays in clear and a person is told where the key store %s', (_what, protector) => {
    const folder = folderWith();
    const before = contentsOf(folder);
    const secrets = new Secrets(folder, { protector });
    expect(secrets.open(alone).map(({ code, message }) => ({ code, message }))).toEqual([
      {
        code: 'KEY_STORE_MISSING',
        message:
          'Stored credentials are as safe as the file secret.key: it could not be moved to the key store (the key store of this system refused).',
      },
    ]);
    expect(secrets.get('agent:a')).toBe(CANARY);
    expect(contentsOf(folder)).toEqual(before);
  });

  test('a sealed key that cannot be opened is told, and nothing is overwritten', () => {
    const protector = keyStore();
    const folder = folderWith({ protector });
    const before = contentsOf(folder);
    const secrets = new Secrets(folder, { protector: locked });
    const [fault, ...others] = secrets.open({ isKeyNeeded: true });
    expect(others).toEqual([]);
    expect(fault?.message).toBe('The file secret.sealed cannot be used: the key store of this system refused.');
    expect(fault?.next).toContain('with the key store unlocked');
    expect(faultOf(() => secrets.ensureKey('devices')).code).toBe('SECRETS_UNREADABLE');
    expect(faultOf(() => secrets.change(new Map([['agent:b', 'x']]))).code).toBe('SECRETS_UNREADABLE');
    expect(contentsOf(folder)).toEqual(before);
    expectValue(folder, { protector });
  });

  test('a key of the wrong length is damage', () => {
    const folder = temporaryFolder();
    const protector = keyStore();
    writeFileSync(sealedFile(folder), protector.seal(Buffer.from('short')));
    expect(new Secrets(folder, { protector }).open(alone)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['secret.sealed']);
  });

  test('a first key that cannot be sealed is refused and leaves nothing behind', () => {
    const folder = temporaryFolder();
    const secrets = opened(folder, { protector: locked });
    const fault = faultOf(() => secrets.ensureKey('devices'));
    expect(fault.code).toBe('CONFIG_NOT_SAVED');
    expect(fault.message).toContain('the key store of this system refused');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a sealed key that is gone is told by its name', () => {
    const protector = keyStore();
    const folder = folderWith({ protector });
    rmSync(sealedFile(folder));
    expect(new Secrets(folder, { protector }).open(alone)[0]?.message).toContain('the file secret.sealed is gone');
  });
});

describe('without a key store', () => {
  test.each([
    [false, 'their key is in the key store of the desktop application'],
    [true, 'their key is in a key store of this system that cannot be reached now'],
  ])('a sealed key is not touched (in the desktop application: %s)', (expectsProtector, reason) => {
    const folder = folderWith({ protector: keyStore() });
    const before = contentsOf(folder);
    const secrets = new Secrets(folder, { expectsProtector });
    expect(secrets.open(alone).map(({ message }) => message)).toEqual([
      `Stored credentials cannot be used: ${reason}.`,
    ]);
    expect(faultOf(() => secrets.ensureKey('devices')).code).toBe('SECRETS_UNREADABLE');
    expect(contentsOf(folder)).toEqual(before);
  });

  test('a secret.key that a person has put back is used', () => {
    const folder = folderWith();
    const key = readFileSync(plainFile(folder));
    const protector = keyStore();
    opened(folder, { protector });
    writeFileSync(plainFile(folder), key);
    expectValue(folder);
  });
});
