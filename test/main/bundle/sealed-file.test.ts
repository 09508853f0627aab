import { describe, expect, it, vi } from 'vitest';
import { readContent } from '../../../main/bundle/content.ts';
import { openFile, sealFile } from '../../../main/bundle/sealed-file.ts';
import { isSignedBy, makeSiteKey, publicKeyOf, signed } from '../../../main/bundle/site-key.ts';
import { parseStrictly } from '../../../main/bundle/strict-json.ts';
import { Unreadable } from '../../../main/bundle/unreadable.ts';
import { SluiceError } from '../../../shared/errors.ts';

// Each passphrase takes its time, on purpose, and more of it on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

const key = makeSiteKey();
const content = { site: 'Plant', made: 1, credentialsMark: '', parts: { proxies: [] } };

async function refusalOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (fault) {
    if (fault instanceof SluiceError) return fault.code;
    if (fault instanceof Unreadable) return fault.message;
    throw fault;
  }
  return 'none';
}

describe('the sealed file', () => {
  it('gives back what was sealed, and who signed it', async () => {
    const opened = await openFile(await sealFile(content, 'p4ssphrase', key), 'p4ssphrase');
    expect(opened).toEqual({ content, signer: publicKeyOf(key) });
  });

  it('says of a wrong passphrase and of each changed byte the same, and no more', async () => {
    const text = await sealFile(content, 'p4ssphrase', key);
    expect(await refusalOf(() => openFile(text, 'passphrase'))).toBe('BUNDLE_PASSPHRASE');
    const file = JSON.parse(text) as Record<string, string>;
    const flipped = Buffer.from(file.sealed ?? '', 'base64');
    flipped[5] = (flipped[5] ?? 0) ^ 1;
    for (const change of [
      { sealed: flipped.toString('base64') },
      { salt: Buffer.alloc(16).toString('base64') },
      { sealed: 'AAAA' },
    ]) {
      expect(await refusalOf(() => openFile(JSON.stringify({ ...file, ...change }), 'p4ssphrase'))).toBe(
        'BUNDLE_PASSPHRASE',
      );
    }
  });

  it('lets no file choose the cost of opening it', async () => {
    const file = JSON.parse(await sealFile(content, 'p4ssphrase', key)) as object;
    for (const change of [{ kdf: 'scrypt-1073741824-8-1' }, { version: 2 }, { salt: 'AAAA' }, { more: 1 }]) {
      expect(await refusalOf(() => openFile(JSON.stringify({ ...file, ...change }), 'p4ssphrase'))).toContain(
        'not a bundle',
      );
    }
  });

  it('refuses to seal more than it would open', async () => {
    const large = { ...content, site: 'x'.repeat(6 * 1024 * 1024) };
    expect(await refusalOf(() => sealFile(large, 'p4ssphrase', key))).toBe('BUNDLE_TOO_LARGE');
  });

  it('knows a signature of another key and of other bytes', () => {
    const signature = signed(key, Buffer.from('bytes'));
    expect(isSignedBy(publicKeyOf(key), Buffer.from('bytes'), signature)).toBe(true);
    expect(isSignedBy(publicKeyOf(key), Buffer.from('byteS'), signature)).toBe(false);
    expect(isSignedBy(publicKeyOf(makeSiteKey()), Buffer.from('bytes'), signature)).toBe(false);
    expect(isSignedBy('AAAA', Buffer.from('bytes'), signature)).toBe(false);
  });
});

describe('JSON of strangers', () => {
  it.each(['{"__proto__":{"a":1}}', '{"a":[{"constructor":1}]}', '{"a":{"prototype":{}}}'])(
    'is refused: %s',
    async (text) => {
      expect(await refusalOf(() => parseStrictly(text))).toContain('which no bundle needs');
      expect(({} as { a?: unknown }).a).toBeUndefined();
    },
  );

  it('is refused where it is deep, long or broken', async () => {
    expect(await refusalOf(() => parseStrictly('['.repeat(1000) + ']'.repeat(1000)))).toContain('too deeply');
    expect(await refusalOf(() => parseStrictly(`[${'1,'.repeat(400_001)}1]`))).toContain('too many');
    expect(await refusalOf(() => parseStrictly('{'))).toContain('not valid JSON');
  });

  it('is no content of a bundle where it has other parts, names or numbers', async () => {
    expect(readContent(content)).toEqual(content);
    const items = Array.from({ length: 10_001 }, () => ({ value: {}, secrets: {} }));
    for (const change of [
      { parts: { '../x': [] } },
      { parts: { proxies: items } },
      { made: -1 },
      { site: '\u202e' },
      { extra: 1 },
    ]) {
      expect(await refusalOf(() => readContent({ ...content, ...change }))).toContain('is not as it must be');
    }
  });
});
