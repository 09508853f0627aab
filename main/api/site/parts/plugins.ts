/** Plugins in a site bundle, with their sealed values. A bundle of strangers starts no program. */

import { SluiceError } from '../../../../shared/errors.ts';
import { toIssues } from '../../../../shared/issue.ts';
import { pluginLabel, userId } from '../../../../shared/name.ts';
import { type PluginProfile, pluginInput } from '../../../../shared/plugin.ts';
import { pluginOf } from '../../../../shared/proxy.ts';
import { completePlugin } from '../../plugin-profile.ts';
import {
  type Draft,
  forbids,
  type PartItem,
  type Present,
  type Scene,
  type SitePart,
  tells,
  UnfitItem,
  warns,
} from '../site-part.ts';

/** As main/api/plugins.ts names them. */
const secretName = (label: string, variable: string): string => `plugin:${label}:${variable}`;

function itemOf(profile: PluginProfile, secrets: PartItem['secrets']): PartItem {
  const { created: _made, modified: _changed, ...shown } = profile;
  return { key: pluginLabel(profile), name: profile.name, shown, profile, secrets };
}
const profileOf = ({ profile }: PartItem): PluginProfile => profile as PluginProfile;

function secretsOf(profile: PluginProfile, { secret }: Present): Record<string, string> {
  const known = (profile.process?.secrets ?? []).map(
    (name) => [name, secret(secretName(pluginLabel(profile), name))] as const,
  );
  return Object.fromEntries(known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

export const pluginsPart: SitePart = {
  part: 'plugins',
  here: (present) => present.config.plugins.map((one) => itemOf(one, secretsOf(one, present))),
  read({ value, secrets }, present, { isTrusted }) {
    const given = value as { process?: { secrets?: unknown } };
    // Stored profiles have the names of sealed values; what is sent has the values.
    const process = given.process && { ...given.process, secrets };
    const { data, error } = pluginInput.safeParse({ ...value, ...(process && { process }) });
    if (!data) throw new UnfitItem(toIssues(error.issues));
    const user = userId.safeParse(data.user);
    if (!user.success) throw new UnfitItem([{ path: 'user', message: 'A username is needed.' }]);
    const key = { user: user.data, plugin: data.plugin };
    const known = present.config.plugins.find((one) => pluginLabel(one) === pluginLabel(key));
    const profile = completed({ ...key, created: known?.created ?? present.now, modified: present.now }, data);
    const isNew = JSON.stringify(known?.process) !== JSON.stringify(profile.process);
    const held = profile.process && !isTrusted && isNew ? { process: { ...profile.process, enabled: false } } : {};
    return itemOf({ ...profile, ...held }, secrets);
  },
  concerns: async (item, { origin }) => {
    const { process } = profileOf(item);
    if (!process) return [];
    const runs = `It runs the program ${process.command} on this PC.`;
    if (origin.isTrusted) return [tells('program', runs)];
    return [warns('program', `${runs} Its bundle is not signed by a trusted site, so it arrives stopped.`)];
  },
  removal: (key, { after }: Scene) => {
    const users = [...after.proxies.values()].filter(({ config }) => {
      const plugin = pluginOf(config);
      return plugin && pluginLabel(plugin) === key;
    });
    return users.length > 0 ? [forbids('used', `It is used by ${users.map(({ name }) => name).join(', ')}.`)] : [];
  },
  keep(item, draft) {
    forget(item.key, draft);
    draft.plugins.set(item.key, profileOf(item));
    for (const [name, value] of Object.entries(item.secrets)) draft.secrets.set(secretName(item.key, name), value);
  },
  remove(key, draft) {
    forget(key, draft);
    draft.plugins.delete(key);
  },
};

/** Sealed values of before. */
function forget(label: string, { plugins, secrets }: Draft) {
  for (const name of plugins.get(label)?.process?.secrets ?? []) secrets.set(secretName(label, name), undefined);
}

function completed(...[own, sent]: Parameters<typeof completePlugin>): PluginProfile {
  try {
    return completePlugin(own, sent);
  } catch (thrown) {
    if (thrown instanceof SluiceError) throw new UnfitItem([{ path: '', message: thrown.message }]);
    throw thrown;
  }
}
