/** What is other in a configuration than in another one, thing by thing. */
import type { BackupDifference, BackupThing } from '../../shared/backup.ts';
import type { CertificateProfile } from '../../shared/certificate.ts';
import { deviceLabel } from '../../shared/device.ts';
import { pluginLabel } from '../../shared/name.ts';
import { changesBetween } from '../audit/changes.ts';
import type { StoredConfig } from '../store/config-document.ts';
import type { Secrets } from '../store/secrets.ts';
import { keyName } from './certificate-shelf.ts';
import { agentSecret } from './gateway-settings.ts';
import { Plugins } from './plugins.ts';

interface Thing {
  readonly id: string;
  readonly name: string;
  readonly value: object;
  /** What it cannot do without, and under which names that is sealed. */
  readonly sealed: readonly (readonly [words: string, name: string])[];
}

type Kind = Exclude<BackupThing, 'settings'>;

const thingsOf: { readonly [K in Kind]: (config: StoredConfig) => readonly Thing[] } = {
  proxies: ({ proxies }) => proxies.map((one) => ({ id: one.proxy, name: one.name, value: one, sealed: [] })),
  devices: ({ devices }) => devices.map((one) => ({ id: deviceLabel(one), name: one.name, value: one, sealed: [] })),
  plugins: ({ plugins }) =>
    plugins.map((one) => ({
      ...{ id: pluginLabel(one), name: one.name, value: one },
      sealed: Plugins.sealedNames(one).map((name) => ['a value that its program is given', name] as const),
    })),
  certificates: ({ certificates }) =>
    certificates.map((one) => ({
      ...{ id: one.certificate, name: one.name, value: one },
      sealed: hadKey(one) ? [['its private key', keyName(one.certificate)]] : [],
    })),
  templates: ({ templates = [] }) =>
    templates.map((one) => ({ ...{ id: one.template, name: one.name }, value: one, sealed: [] })),
};

const hadKey = ({ kind, origin }: CertificateProfile): boolean =>
  kind !== 'trusted' && (kind !== 'ca' || origin === 'issued');

/** What turns `from` into `to`. When something was changed last is no difference. */
export function differencesBetween(
  from: StoredConfig,
  to: StoredConfig,
  secrets: Pick<Secrets, 'has'>,
): BackupDifference[] {
  const kinds = Object.keys(thingsOf) as Kind[];
  return [...kinds.flatMap((kind) => differencesOf(kind, from, to, secrets)), ...settingsOf(from, to, secrets)];
}

function differencesOf(
  thing: Kind,
  from: StoredConfig,
  to: StoredConfig,
  secrets: Pick<Secrets, 'has'>,
): BackupDifference[] {
  const before = new Map(thingsOf[thing](from).map((one) => [one.id, one]));
  const after = thingsOf[thing](to);
  const kept = new Set(after.map(({ id }) => id));
  const there = after.flatMap((one): BackupDifference[] => {
    const { id, name, value } = one;
    const present = before.get(id);
    const fields = present ? fieldsBetween(present.value, value) : [];
    if (present && fields.length === 0) return [];
    const missing = one.sealed.filter(([, sealed]) => !secrets.has(sealed)).map(([words]) => words);
    return [{ thing, id, name, change: present ? 'changed' : 'new', fields, missing }];
  });
  const gone = [...before.values()]
    .filter(({ id }) => !kept.has(id))
    .map(({ id, name }): BackupDifference => ({ thing, id, name, change: 'removed', fields: [], missing: [] }));
  return [...there, ...gone];
}

function settingsOf(from: StoredConfig, to: StoredConfig, secrets: Pick<Secrets, 'has'>): BackupDifference[] {
  const fields = changesBetween(from.settings, to.settings);
  if (fields.length === 0) return [];
  const missing = to.settings.agents
    .filter(({ agent }) => !secrets.has(agentSecret(agent)))
    .map(({ agent }) => `the credentials of the upstream connection ${agent}`);
  return [{ thing: 'settings', id: '', name: 'Settings', change: 'changed', fields, missing }];
}

const fieldsBetween = (before: object, after: object) =>
  changesBetween(before, after).filter(({ path }) => path !== 'modified');
