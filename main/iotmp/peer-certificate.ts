/** Whether the certificate at the other end of a TLS connection is the right one: trusted by this PC, or pinned. */
import { isIP } from 'node:net';
import tls, { type SecureContext, type TLSSocket } from 'node:tls';
import { systemCode } from '../sockets/system-code.ts';

/** Why a certificate was not accepted; `fingerprint` is its SHA-256 as `AB:CD:…`, where there was one. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly fingerprint: string | undefined;

  constructor(reason: string, fingerprint?: string) {
    super(reason);
    this.fingerprint = fingerprint;
  }
}

let trusted: SecureContext | undefined;

/** For `tls.connect`: the verdict is left to {@link checkCertificate}, which has to be asked before anything is sent. */
export function tlsOptions(host: string): tls.ConnectionOptions {
  // Node alone knows the authorities it was built with; people add theirs to the system. Made once, because it takes a while.
  trusted ??= tls.createSecureContext({
    minVersion: 'TLSv1.2',
    ca: [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])],
  });
  const servername = isIP(host) ? {} : { servername: host.replace(/\.$/, '') };
  return { secureContext: trusted, rejectUnauthorized: false, ...servername };
}

/**
 * @param verify `system`: trusted by this PC and made for the host; `pin:<sha256>`: exactly this one; `none`: any
 * @throws CertificateError
 */
export function checkCertificate(socket: TLSSocket, verify: string): void {
  if (verify === 'none') return;
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256;
  if (!fingerprint) throw new CertificateError('none was shown');
  if (verify === 'system') {
    if (!socket.authorized) throw new CertificateError(reasonOf(String(socket.authorizationError)), fingerprint);
  } else if (bare(verify.replace(/^pin:/i, '')) !== bare(fingerprint)) {
    throw new CertificateError('it is not the pinned one', fingerprint);
  }
}

/** Whether a connection failed because the other end speaks no TLS, or only what is too old. */
export const hasNoTls = (error: unknown): boolean =>
  /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|PACKET_LENGTH_TOO_LONG|TLSV1_ALERT_PROTOCOL_VERSION))$/.test(
    systemCode(error),
  );

const bare = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

function reasonOf(code: string): string {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return 'it is self-signed';
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'this PC does not know who issued it';
    case 'CERT_HAS_EXPIRED':
      return 'it has expired';
    case 'CERT_NOT_YET_VALID':
      return 'it is not valid yet';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'it was made for another name';
    default:
      return code;
  }
}
