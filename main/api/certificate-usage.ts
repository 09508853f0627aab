/** Which proxies use a certificate, and whether it can do what a profile wants of it. */
import type { CertificateKind, CertificateProfile, CertificateUse } from '../../shared/certificate.ts';
import type { Issue } from '../../shared/issue.ts';
import type { ProxyProfile } from '../../shared/proxy.ts';
import { type CertificateReference, certificatesOf } from '../../shared/tls-use.ts';

const fitting: Readonly<Record<CertificateReference['as'], { kinds: readonly CertificateKind[]; words: string }>> = {
  source: { kinds: ['server'], words: 'a server certificate' },
  target: { kinds: ['client', 'server'], words: 'a client certificate' },
  clientCa: { kinds: ['ca', 'trusted'], words: 'a CA' },
  verify: { kinds: ['ca', 'trusted'], words: 'a CA' },
};

/** Undefined where it fits. @param profile  what the reference leads to */
export function usageIssue(
  { certificate, as, path }: CertificateReference,
  profile: CertificateProfile | undefined,
): Issue | undefined {
  if (!profile) return { path, message: `There is no certificate ${certificate}.` };
  const { kinds, words } = fitting[as];
  if (kinds.includes(profile.kind)) return undefined;
  const why = profile.kind === 'request' ? 'still waits for its signature' : `is not ${words}`;
  return { path, message: `Certificate ${certificate} ${why}.` };
}

/** Looked for in thousands of proxies once, until one of them changes. */
export class CertificateUsers {
  readonly #proxies: () => readonly ProxyProfile[];
  #known: { readonly by: readonly ProxyProfile[]; readonly users: ReadonlyMap<string, CertificateUse[]> } | undefined;

  constructor(proxies: () => readonly ProxyProfile[]) {
    this.#proxies = proxies;
  }

  of(certificate: string): readonly CertificateUse[] {
    const by = this.#proxies();
    if (this.#known?.by !== by) this.#known = { by, users: usersIn(by) };
    return this.#known.users.get(certificate) ?? [];
  }
}

function usersIn(proxies: readonly ProxyProfile[]): ReadonlyMap<string, CertificateUse[]> {
  const users = new Map<string, CertificateUse[]>();
  for (const { proxy, name, config } of proxies) {
    for (const { certificate, as } of certificatesOf(config)) {
      const known = users.get(certificate) ?? [];
      known.push({ kind: 'proxy', id: proxy, name, as });
      users.set(certificate, known);
    }
  }
  return users;
}

/** Their names for a sentence, each once. */
export const namesOf = (users: readonly CertificateUse[]): string =>
  [...new Set(users.map(({ name }) => name))].join(', ');
