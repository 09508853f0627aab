import { describe, expect, it } from 'vitest';
import { chainOf, Refused, readBundle } from '../../../main/certificates/read.ts';
import { OpenSsl } from '../../support/openssl.ts';

function refusalOf(bundle: Parameters<typeof readBundle>[0]) {
  try {
    readBundle(bundle);
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.issue;
    throw thrown;
  }
  throw new Error('It was not refused.');
}

/** Without it `openssl` asks for the algorithms of old, which Debian keeps in a module of their own. */
const LEGACY = '-legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1';

describe('a PKCS#12 file of OpenSSL 3', () => {
  it.each([
    ['with AES-256', ''],
    ['in the way of old programs', LEGACY],
    ['with SHA-512', '-macalg sha512'],
  ])('is read %s', (_how, options) => {
    const openssl = new OpenSsl().makeChain();
    openssl.run(
      `pkcs12 -export -inkey leaf.key -in leaf.crt -certfile middle.crt -out leaf.p12 -passout pass:open-it ${options}`.trim(),
    );
    const { certificates, keys } = readBundle({ content: openssl.base64('leaf.p12'), passphrase: 'open-it' });
    expect(certificates.map(({ subject }) => subject).toSorted()).toEqual(['CN=leaf', 'CN=middle']);
    expect(keys).toHaveLength(1);
    expect(certificates.some((one) => keys[0] && one.checkPrivateKey(keys[0]))).toBe(true);
  });

  it('may hold a key on a curve', () => {
    const openssl = new OpenSsl().makeChain({ key: 'ec -pkeyopt ec_paramgen_curve:P-256' });
    openssl.run('pkcs12 -export -inkey leaf.key -in leaf.crt -out leaf.p12 -passout pass:open-it');
    const { certificates, keys } = readBundle({ content: openssl.base64('leaf.p12'), passphrase: 'open-it' });
    expect(keys[0]?.asymmetricKeyType).toBe('ec');
    expect(keys[0] && certificates[0]?.checkPrivateKey(keys[0])).toBe(true);
  });

  it('may have no passphrase', () => {
    const openssl = new OpenSsl().makeChain();
    openssl.run('pkcs12 -export -inkey leaf.key -in leaf.crt -out leaf.p12 -passout pass:');
    expect(readBundle({ content: openssl.base64('leaf.p12') }).keys).toHaveLength(1);
  });

  it('is refused where opening it would hold up everything else', () => {
    const openssl = new OpenSsl().makeChain();
    openssl.run('pkcs12 -export -inkey leaf.key -in leaf.crt -out leaf.p12 -passout pass:open-it -iter 500000');
    expect(refusalOf({ content: openssl.base64('leaf.p12'), passphrase: 'open-it' })).toEqual({
      path: 'content',
      message: 'This PKCS#12 file cannot be read (opening it would take too long).',
    });
  });

  it('may ask for as many rounds as new programs do, which OpenSSL takes', () => {
    const openssl = new OpenSsl().makeChain();
    openssl.run('pkcs12 -export -inkey leaf.key -in leaf.crt -out leaf.p12 -passout pass:open-it -iter 1000000 -nomac');
    expect(readBundle({ content: openssl.base64('leaf.p12'), passphrase: 'open-it' }).keys).toHaveLength(1);
  });

  it('is refused with what is wrong with its passphrase', () => {
    const openssl = new OpenSsl().makeChain();
    openssl.run('pkcs12 -export -inkey leaf.key -in leaf.crt -out leaf.p12 -passout pass:open-it');
    const content = openssl.base64('leaf.p12');
    expect(refusalOf({ content })).toEqual({
      path: 'passphrase',
      message: 'The file is sealed: its passphrase is needed.',
    });
    expect(refusalOf({ content, passphrase: 'wrong' })).toEqual({
      path: 'passphrase',
      message: 'The file does not open with this passphrase.',
    });
  });
});

describe('PEM text', () => {
  it('may hold certificates and a sealed key in any order, with words between them', () => {
    const openssl = new OpenSsl().makeChain();
    openssl.run('pkey -in leaf.key -aes256 -out sealed.key -passout pass:open-it');
    const content = ['root.crt', 'sealed.key', 'leaf.crt', 'middle.crt']
      .map((name) => openssl.text(name))
      .join('Words\n');
    const { certificates, keys } = readBundle({ content, passphrase: 'open-it' });
    const leaf = certificates.find((one) => keys[0] && one.checkPrivateKey(keys[0]));
    expect(leaf && chainOf(leaf, certificates).map(({ subject }) => subject)).toEqual([
      'CN=leaf',
      'CN=middle',
      'CN=root',
    ]);
    expect(refusalOf({ content }).message).toBe('The private key is sealed: its passphrase is needed.');
    expect(refusalOf({ content, passphrase: 'wrong' }).path).toBe('passphrase');
  });

  it('may hold a key that an old program sealed', () => {
    const openssl = new OpenSsl().makeChain();
    openssl.run('rsa -in leaf.key -traditional -aes256 -out sealed.key -passout pass:open-it');
    const bundle = { content: openssl.text('leaf.crt'), key: openssl.text('sealed.key') };
    expect(readBundle({ ...bundle, passphrase: 'open-it' }).keys).toHaveLength(1);
    expect(refusalOf(bundle).message).toBe('The private key is sealed: its passphrase is needed.');
  });

  it('is refused where opening its key would hold up everything else', () => {
    const openssl = new OpenSsl().makeChain();
    openssl.run('pkcs8 -topk8 -in leaf.key -out sealed.key -passout pass:open-it -v2 aes-256-cbc -iter 4000001');
    expect(refusalOf({ content: openssl.text('sealed.key'), passphrase: 'open-it' })).toEqual({
      path: 'content',
      message: 'The private key in it cannot be read (opening it would take too long).',
    });
    openssl.run('pkcs8 -topk8 -in leaf.key -out sealed.key -passout pass:open-it -scrypt');
    expect(readBundle({ content: openssl.text('sealed.key'), passphrase: 'open-it' }).keys).toHaveLength(1);
  });

  it('leaves out of the chain what does not belong to it', () => {
    const [one, other] = [new OpenSsl().makeChain(), new OpenSsl().makeChain()];
    const content = [
      other.text('root.crt'),
      one.text('leaf.crt'),
      other.text('middle.crt'),
      one.text('middle.crt'),
    ].join('');
    const { certificates } = readBundle({ content });
    const leaf = certificates.find(({ subject }) => subject === 'CN=leaf');
    expect(leaf && chainOf(leaf, certificates)).toHaveLength(2);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['words', 'hello there!', 'This is neither PEM text nor a file in base64.'],
    [
      'some bytes',
      Buffer.from('hello').toString('base64'),
      'This file is neither a certificate nor PKCS#12 (.p12, .pfx).',
    ],
    ['an empty list', Buffer.from([0x30, 0]).toString('base64'), /^This PKCS#12 file cannot be read/],
    [
      'a broken certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      'It holds a certificate that cannot be read.',
    ],
    ['another PEM', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', /^There is no certificate in it/],
    [
      'a broken key',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      'The private key in it cannot be read.',
    ],
    [
      'a request',
      '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----',
      'This is a request for a certificate, not a certificate.',
    ],
  ])('is refused in a sentence: %s', (_what, content, message) => {
    const issue = refusalOf({ content });
    expect(issue.path).toBe('content');
    expect(issue.message).toMatch(message);
  });

  it('is refused at the field of the key where the key is wrong', () => {
    const openssl = new OpenSsl().makeChain();
    expect(refusalOf({ content: openssl.text('leaf.crt'), key: openssl.text('root.crt') })).toEqual({
      path: 'key',
      message: 'There is no private key in it.',
    });
  });

  it('never takes long, whatever the bytes are', () => {
    for (let at = 0; at < 300; at += 1) {
      const bytes = Buffer.from(
        Array.from({ length: 64 }, (_, index) => (at * 31 + index * 17 + (index < 2 ? 0x30 : at)) & 255),
      );
      expect(() => readBundle({ content: bytes.toString('base64') })).toThrow(Refused);
    }
  });
});
