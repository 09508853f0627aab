/** IDs of new certificates, made from their names. */
import { type CertificateView, GATEWAY_CERTIFICATE, HUB_CERTIFICATE, LOCAL_CA } from '../../../shared/certificate.ts';

const LONGEST = 28;

export function freeId(name: string, certificates: readonly CertificateView[]): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, LONGEST);
  const wanted = plain || 'certificate';
  const taken = new Set([
    LOCAL_CA,
    GATEWAY_CERTIFICATE,
    HUB_CERTIFICATE,
    ...certificates.map((one) => one.certificate),
  ]);
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
}
