/** Words of the certificate desk. */
import type { CertificateView } from '../../../shared/certificate.ts';

export function kindText({ kind, origin }: Pick<CertificateView, 'kind' | 'origin'>): string {
  if (origin === 'hub') return 'IoTMP hub';
  if (kind === 'ca') return 'Local CA';
  if (kind === 'trusted') return 'Trusted CA';
  if (kind === 'request') return 'Request';
  const made = origin === 'issued' ? 'issued here' : origin === 'signed_request' ? 'requested here' : 'imported';
  return `${kind === 'server' ? 'Server' : 'Client'}, ${made}`;
}

export function usersText({ usedBy, kind, isTrusted, origin }: CertificateView): string {
  const names = [...new Set(usedBy.filter((use) => use.kind === 'proxy').map(({ name }) => name))];
  if (names.length > 0) return names.join(', ');
  if (origin === 'hub') return 'devices see it';
  if (kind === 'ca') return isTrusted ? 'issues, and trusted for targets' : 'issues';
  if (kind === 'trusted') return isTrusted ? 'trusted for targets' : 'not trusted now';
  return kind === 'request' ? 'waits for another CA' : 'not used';
}

export function issuerText({ issuer, subject }: CertificateView): string {
  if (issuer === null) return '–';
  return issuer === subject ? 'itself' : issuer;
}
