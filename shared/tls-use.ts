/** The certificates that a config names. */
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
