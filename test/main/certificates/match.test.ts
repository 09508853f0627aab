import { describe, expect, it } from 'vitest';
import { authorityOf, pairOf } from '../../../main/certificates/match.ts';
import { Refused, readBundle } from '../../../main/certificates/read.ts';
import { OpenSsl } from '../../support/openssl.ts';

function refusalOf(work: () => unknown) {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.issue;
    throw thrown;
  }
  throw new Error('It was not refused.');
}

/** A key and a certificate signed by itself, as one text. */
function selfSigned(options: string, subject = '/CN=panel'): string {
  const openssl = new OpenSsl();
  openssl.run(`req -x509 -nodes -keyout one.key -out one.crt -days 9 -subj ${subject} ${options}`);
  return openssl.text('one.key') + openssl.text('one.crt');
}
const read = (content: string) => readBundle({ content });

describe('a key and its certificate', () => {
  it('are found among others', () => {
    const openssl = new OpenSsl().makeChain();
    const content = ['root.crt', 'root.key', 'middle.crt', 'leaf.crt', 'leaf.key'].map((name) => openssl.text(name));
    const { chain } = pairOf(read(content.slice(2).join('') + openssl.text('root.crt')), 'server');
    expect(chain.map(({ subject }) => subject)).toEqual(['CN=leaf', 'CN=middle', 'CN=root']);
  });

  it('may be signed by themselves, as most programs make them', () => {
    expect(pairOf(read(selfSigned('-newkey rsa:2048')), 'server').chain).toHaveLength(1);
    const curve = '-newkey ec -pkeyopt ec_paramgen_curve:P-256';
    expect(pairOf(read(selfSigned(curve)), 'client').key.asymmetricKeyType).toBe('ec');
  });

  it('are refused where they are made for something else', () => {
    const forClients = read(selfSigned('-newkey rsa:2048 -addext extendedKeyUsage=clientAuth'));
    expect(pairOf(forClients, 'client').chain).toHaveLength(1);
    expect(refusalOf(() => pairOf(forClients, 'server'))).toEqual({
      path: 'content',
      message: 'This certificate is made for clients, not for servers.',
    });
    const forAll = read(selfSigned('-newkey rsa:2048 -addext extendedKeyUsage=clientAuth,anyExtendedKeyUsage'));
    expect(pairOf(forAll, 'server').chain).toHaveLength(1);
  });

  it('are refused where TLS would not take them', () => {
    expect(refusalOf(() => pairOf(read(selfSigned('-newkey rsa:1024')), 'server'))).toEqual({
      path: 'content',
      message: 'Its key or signature is too weak for TLS today (ee key too small).',
    });
  });

  it('are refused where they are those of a CA below another', () => {
    const openssl = new OpenSsl().makeChain();
    const content = openssl.text('middle.crt') + openssl.text('middle.key');
    expect(refusalOf(() => pairOf(read(content), 'server')).message).toMatch(/^This is the certificate of a CA/);
  });
});

describe('a CA to trust', () => {
  it('is the root where there are several', () => {
    const openssl = new OpenSsl().makeChain();
    const content = ['leaf.crt', 'middle.crt', 'root.crt'].map((name) => openssl.text(name));
    expect(authorityOf(read(content.join(''))).subject).toBe('CN=root');
    expect(authorityOf(read(content.slice(0, 2).join(''))).subject).toBe('CN=middle');
    expect(refusalOf(() => authorityOf(read(openssl.text('leaf.crt')))).message).toContain('pin it in the proxy');
  });
});
