/** Certificates in a site bundle, with their keys. The local CA and what the gateway makes for itself stay where they are. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import {
  type CertificateProfile,
  certificateProfile,
  GATEWAY_CERTIFICATE,
  HUB_CERTIFICATE,
  LOCAL_CA,
  MAX_CERTIFICATES,
} from '../../../../shared/certificate.ts';
import { dateText } from '../../../../shared/errors.ts';
import { toIssues } from '../../../../shared/issue.ts';
import { isSeen, UNSEEN } from '../../../../shared/name.ts';
import type { SiteConcern } from '../../../../shared/site.ts';
import { certificatesOf } from '../../../../shared/tls-use.ts';
import { factsOf, stateOf } from '../../../certificates/facts.ts';
import { keyName } from '../../certificate-shelf.ts';
import { forbids, type PartItem, type Scene, type SitePart, tells, UnfitItem, warns } from '../site-part.ts';

const own: readonly string[] = [LOCAL_CA, GATEWAY_CERTIFICATE, HUB_CERTIFICATE];
const MOST_PEM = 512 * 1024;
const sent = z.strictObject({
  ...certificateProfile.shape,
  name: z.string().min(1).max(64).refine(isSeen, UNSEEN),
  names: z.array(z.string().max(255)).max(64),
});

function itemOf(profile: CertificateProfile, key: string | undefined): PartItem {
  const { name, kind, isTrusted, pem } = profile;
  const { fingerprint, notAfter } = factsOf(profile);
  const shown = {
    name,
    kind,
    isTrusted,
    ends: notAfter === null ? '' : dateText(notAfter),
    fingerprint: fingerprint ?? pem,
  };
  return { key: profile.certificate, name, shown, profile, secrets: key === undefined ? {} : { key } };
}
const profileOf = ({ profile }: PartItem): CertificateProfile => profile as CertificateProfile;

export const certificatesPart: SitePart = {
  part: 'certificates',
  here: ({ config, secret }) => config.certificates.map((one) => itemOf(one, secret(keyName(one.certificate)))),
  leaves: ({ key }) => !own.includes(key),
  read({ value, secrets: { key } }, { config, now }) {
    const { data, error } = sent.safeParse(value);
    if (!data) throw new UnfitItem(toIssues(error.issues));
    if (own.includes(data.certificate))
      throw unfit('certificate', 'This is the own one of a gateway, which does not move.');
    if (data.pem.length > MOST_PEM) throw unfit('pem', 'It is larger than 512 KiB.');
    const present = config.certificates.find(({ certificate }) => certificate === data.certificate);
    checkKey(data, key);
    const isAuthority = data.kind === 'ca' || data.kind === 'trusted';
    return itemOf(
      {
        ...data,
        // Another CA cannot renew what the one of its home has issued.
        ...(data.origin === 'issued' && { origin: present?.pem === data.pem ? present.origin : 'imported' }),
        ...(data.kind === 'ca' && { kind: 'trusted' as const }),
        isTrusted: data.isTrusted && isAuthority,
        created: present?.created ?? now,
        modified: now,
      },
      isAuthority ? undefined : key,
    );
  },
  async concerns(item, { present, after }) {
    const profile = profileOf(item);
    const facts = factsOf(profile);
    const state = stateOf(facts, present.now);
    const concerns: SiteConcern[] = [];
    if (state === 'ended') concerns.push(warns('ends', `It has ended on ${dateText(facts.notAfter)}.`));
    if (state === 'ends_soon') concerns.push(warns('ends', `It ends on ${dateText(facts.notAfter)}.`));
    if (state === 'not_yet') concerns.push(warns('ends', `It begins on ${dateText(facts.notBefore)}.`));
    if (profile.isTrusted) concerns.push(tells('note', 'Targets may show certificates of this CA from then on.'));
    if (after.certificates.size > MAX_CERTIFICATES)
      concerns.push(forbids('value', `There can be ${MAX_CERTIFICATES} certificates.`));
    return concerns;
  },
  removal(key, { after }: Scene) {
    if (own.includes(key)) return [forbids('used', 'This gateway made it for itself.')];
    const users = [...after.proxies.values()].filter(({ config }) =>
      certificatesOf(config).some(({ certificate }) => certificate === key),
    );
    return users.length > 0 ? [forbids('used', `It is used by ${users.map(({ name }) => name).join(', ')}.`)] : [];
  },
  keep(item, draft) {
    draft.certificates.set(item.key, profileOf(item));
    draft.secrets.set(keyName(item.key), item.secrets.key);
  },
  remove(key, draft) {
    draft.certificates.delete(key);
    draft.secrets.set(keyName(key), undefined);
  },
};

/** Certificate and key must be readable, and belong together. */
function checkKey({ pem, kind }: CertificateProfile, key: string | undefined) {
  const needsKey = kind === 'server' || kind === 'client' || kind === 'request';
  try {
    if (kind !== 'request') {
      const certificate = new X509Certificate(pem);
      if (needsKey && key !== undefined && !certificate.checkPrivateKey(createPrivateKey(key))) {
        throw unfit('key', 'The key does not belong to the certificate.');
      }
    }
  } catch (thrown) {
    throw thrown instanceof UnfitItem ? thrown : unfit('pem', 'It is no certificate with its key.');
  }
  if (needsKey && key === undefined) throw unfit('key', 'Its private key is missing.');
}

const unfit = (path: string, message: string): UnfitItem => new UnfitItem([{ path, message }]);
