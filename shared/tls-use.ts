/** What a config uses of TLS: the certificates that it names, and what it leaves in plain. */
import { isLoopback } from './address.ts';
import { GATEWAY_CERTIFICATE } from './certificate.ts';
import type { ProxyConfig } from './proxy.ts';
import { parseVerify } from './tls.ts';

/** A certificate that a config names. `path` is that of the field, as in refusals. */
export interface CertificateReference {
  readonly certificate: string;
  readonly as: 'source' | 'clientCa' | 'target' | 'verify';
  readonly path: string;
}

/** Every certificate that the proxy uses, the one made for this gateway included. */
export function certificatesOf({ source, target }: Pick<ProxyConfig, 'source' | 'target'>): CertificateReference[] {
  const found: CertificateReference[] = [];
  if (source.secure) {
    const { certificate = GATEWAY_CERTIFICATE, clientCa } = source;
    found.push({ certificate, as: 'source', path: 'config.source.certificate' });
    if (clientCa) found.push({ certificate: clientCa, as: 'clientCa', path: 'config.source.clientCa' });
  }
  if (target.secure) {
    const verify = parseVerify(target.verify);
    if (target.certificate)
      found.push({ certificate: target.certificate, as: 'target', path: 'config.target.certificate' });
    if (verify.kind === 'ca')
      found.push({ certificate: verify.certificate, as: 'verify', path: 'config.target.verify' });
  }
  return found;
}

/** Something that works but that people should know. */
export interface ProxyWarning {
  readonly code: 'SOURCE_PLAIN' | 'TARGET_PLAIN' | 'TARGET_OLD_TLS';
  /** The field that would end it. */
  readonly path: string;
  readonly message: string;
}

/** What of a config deserves an amber line: bytes that pass a network in plain, or nearly so. UDP has no TLS to offer. */
export function warningsOf({
  protocol,
  source,
  target,
}: Pick<ProxyConfig, 'protocol' | 'source' | 'target'>): ProxyWarning[] {
  if (protocol === 'udp' || protocol === 'tcp+udp') return [];
  const warnings: ProxyWarning[] = [];
  if (source.port !== undefined && !isLoopback(source.address) && !source.secure) {
    const message = 'Clients reach this port without SSL/TLS: others on their network can read along.';
    warnings.push({ code: 'SOURCE_PLAIN', path: 'config.source.secure', message });
  }
  if (target.type === 'address' && !isHere(target.address) && !target.secure) {
    const from = target.device === undefined ? 'this PC' : `device ${target.device}`;
    const message = `The way from ${from} to ${target.address} is without SSL/TLS: others on that network can read along.`;
    warnings.push({ code: 'TARGET_PLAIN', path: 'config.target.secure', message });
  }
  if (target.oldTls) {
    const message = 'TLS 1.0 and 1.1 are allowed for the target. Others may be able to read along.';
    warnings.push({ code: 'TARGET_OLD_TLS', path: 'config.target.oldTls', message });
  }
  return warnings;
}

const isHere = (address: string): boolean => isLoopback(address) || address.toLowerCase() === 'localhost';
