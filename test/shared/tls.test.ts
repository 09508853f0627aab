import { describe, expect, it } from 'vitest';
import { completeConfig, type ProxyConfig, type ProxyConfigInput } from '../../shared/proxy.ts';
import { parseVerify } from '../../shared/tls.ts';
import { certificatesOf } from '../../shared/tls-use.ts';

const PIN = `pin:${'ab'.repeat(32)}`;

function config(source: object = {}, target: object = {}, present?: ProxyConfig): ProxyConfig {
  const sent = {
    protocol: 'tcp',
    source: { port: 8443, ...source },
    target: { type: 'address', address: '10.0.0.7', port: 443, ...target },
  };
  return completeConfig(sent as ProxyConfigInput, { defaultAddress: '127.0.0.1', present });
}

describe('what TLS a profile keeps', () => {
  const present = config(
    { secure: true, certificate: 'panel', clientCa: 'plant' },
    { secure: true, verify: PIN, serverName: 'plc', certificate: 'me', oldTls: true },
  );

  it('is what was sent', () => {
    expect(present.source).toMatchObject({ secure: true, certificate: 'panel', clientCa: 'plant' });
    expect(present.target).toMatchObject({ verify: PIN, serverName: 'plc', certificate: 'me', oldTls: true });
  });

  it('stays where it was left out, so that an old script loosens nothing', () => {
    expect(config({}, {}, present)).toEqual(present);
    expect(config({ secure: true }, { secure: true }, present)).toEqual(present);
  });

  it('goes for null and false', () => {
    const { source, target } = config(
      { secure: true, certificate: null, clientCa: null },
      { secure: true, verify: null, serverName: null, certificate: null, oldTls: false },
      present,
    );
    expect(source).not.toHaveProperty('clientCa');
    expect(target).toEqual({ type: 'address', address: '10.0.0.7', port: 443, secure: true });
    expect(source).not.toHaveProperty('certificate');
  });

  it('goes when TLS is switched off', () => {
    const { source, target } = config({ secure: false }, { secure: false }, present);
    expect(source).toEqual({ port: 8443, secure: false, address: '127.0.0.1', allow: [] });
    expect(target).toEqual({ type: 'address', address: '10.0.0.7', port: 443, secure: false });
  });
});

describe('the certificates of a config', () => {
  it('are named with what they are for and the field that names them', () => {
    expect(certificatesOf(config({ secure: true }, { secure: true, verify: PIN }))).toEqual([
      { certificate: 'gateway', as: 'source', path: 'config.source.certificate' },
    ]);
    const all = config(
      { secure: true, certificate: 'a', clientCa: 'b' },
      { secure: true, certificate: 'c', verify: 'ca:d' },
    );
    expect(certificatesOf(all)).toEqual([
      { certificate: 'a', as: 'source', path: 'config.source.certificate' },
      { certificate: 'b', as: 'clientCa', path: 'config.source.clientCa' },
      { certificate: 'c', as: 'target', path: 'config.target.certificate' },
      { certificate: 'd', as: 'verify', path: 'config.target.verify' },
    ]);
  });
});

it('a fingerprint is read in each of the ways that people write it', () => {
  const fingerprint = new Array(32).fill('AB').join(':');
  for (const text of [PIN, `pin:${fingerprint}`, `pin:${fingerprint.toLowerCase()}`]) {
    expect(parseVerify(text)).toEqual({ kind: 'pin', fingerprint });
  }
  expect(parseVerify(undefined)).toEqual({ kind: 'system' });
  expect(parseVerify('ca:plant')).toEqual({ kind: 'ca', certificate: 'plant' });
});
