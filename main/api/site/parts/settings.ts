/** Settings and upstream connections in a site bundle: each group of settings is an item. */

import { isWildcard } from '../../../../shared/address.ts';
import { toIssues } from '../../../../shared/issue.ts';
import { changeSettings, type Settings, type SettingsChange, settingsChange } from '../../../../shared/settings.ts';
import { hasAddress } from '../../../engine/own-endpoints.ts';
import { mostThreads } from '../../../engine/spread/crew.ts';
import { agentSecret } from '../../gateway-settings.ts';
import { forbids, type PartItem, type Present, type SitePart, tells, UnfitItem, warns } from '../site-part.ts';

const titles = {
  site: 'Site name and account',
  listen: 'Where proxies listen',
  limits: 'Limits',
  capture: 'Room for captures',
  hub: 'IoTMP hub',
  portals: 'Portals',
} as const;
type Group = keyof typeof titles;

const groupOf = (settings: Settings, group: Group): SettingsChange =>
  group === 'site' ? { siteName: settings.siteName, account: settings.account } : { [group]: settings[group] };

const AGENT = 'agent-';

const groupItem = (group: Group, settings: Settings): PartItem => {
  const shown = groupOf(settings, group);
  return { key: group, name: titles[group], shown, profile: shown, secrets: {} };
};

const agentItem = (agent: Settings['agents'][number], credentials: string | undefined): PartItem => ({
  key: `${AGENT}${agent.agent}`,
  name: `Upstream connection ${agent.agent}`,
  shown: agent,
  profile: agent,
  secrets: credentials === undefined ? {} : { credentials },
});

export const settingsPart: SitePart = {
  part: 'settings',
  here: ({ config: { settings }, secret }) => [
    ...(Object.keys(titles) as Group[]).map((group) => groupItem(group, settings)),
    ...settings.agents.map((one) => agentItem(one, secret(agentSecret(one.agent)))),
  ],
  read({ value, secrets }, present) {
    const change = { ...value };
    const [first = ''] = Object.keys(change);
    if ('agent' in change) return readAgent(change, secrets.credentials, present);
    const group = (first === 'siteName' || first === 'account' ? 'site' : first) as Group;
    const allowed: readonly string[] = group === 'site' ? ['siteName', 'account'] : [group];
    if (!Object.hasOwn(titles, group) || Object.keys(change).some((key) => !allowed.includes(key))) {
      throw new UnfitItem([{ path: first, message: 'There is no such setting.' }]);
    }
    const { data, error } = settingsChange.safeParse(change);
    if (!data) throw new UnfitItem(toIssues(error.issues));
    return groupItem(group, changeSettings(present.config.settings, data));
  },
  concerns: async (item) => {
    const { limits, listen, hub } = item.profile as Partial<Settings>;
    const most = mostThreads();
    if (limits && limits.workers > most)
      return [forbids('value', `This PC can spread connections over ${most} threads at most.`)];
    if (listen && !hasAddress(listen.defaultAddress)) {
      return [warns('address', `This PC does not have the address ${listen.defaultAddress}.`)];
    }
    const doors = Object.values(hub ?? {}).filter(({ enabled }) => enabled);
    const missing = doors.find(({ address }) => !hasAddress(address));
    if (missing) return [warns('address', `This PC does not have the address ${missing.address}.`)];
    return doors.some(({ address }) => isWildcard(address))
      ? [tells('note', 'Its doors are open to the network.')]
      : [];
  },
  // Groups of settings are always there.
  removal: (key) => (key.startsWith(AGENT) ? [] : [forbids('used', 'Settings are always there.')]),
  keep(item, draft) {
    if (!item.key.startsWith(AGENT)) {
      draft.settings = changeSettings(draft.settings, item.profile as SettingsChange);
      return;
    }
    const agent = item.profile as Settings['agents'][number];
    const rest = draft.settings.agents.filter((one) => one.agent !== agent.agent);
    draft.settings = { ...draft.settings, agents: [...rest, agent] };
    draft.secrets.set(agentSecret(agent.agent), item.secrets.credentials);
  },
  remove(key, draft) {
    const agent = key.slice(AGENT.length);
    draft.settings = { ...draft.settings, agents: draft.settings.agents.filter((one) => one.agent !== agent) };
    draft.secrets.set(agentSecret(agent), undefined);
  },
};

function readAgent(value: object, credentials: string | undefined, { config }: Present): PartItem {
  const { data, error } = settingsChange.safeParse({ agents: [{ ...value, ...(credentials && { credentials }) }] });
  if (!data) throw new UnfitItem(toIssues(error.issues));
  const [agent] = changeSettings(config.settings, data).agents;
  if (!agent || credentials === undefined)
    throw new UnfitItem([{ path: 'credentials', message: 'Credentials are needed.' }]);
  return agentItem(agent, credentials);
}
