/** Proxies in a site bundle. */

import { isWildcard } from '../../../../shared/address.ts';
import { GATEWAY_CERTIFICATE, HUB_CERTIFICATE } from '../../../../shared/certificate.ts';
import { deviceLabel } from '../../../../shared/device.ts';
import { toIssues } from '../../../../shared/issue.ts';
import { pluginLabel } from '../../../../shared/name.ts';
import {
  completeConfig,
  deviceOf,
  type ProxyProfile,
  pluginOf,
  proxyInput,
  transportsOf,
} from '../../../../shared/proxy.ts';
import type { SiteConcern } from '../../../../shared/site.ts';
import { certificatesOf } from '../../../../shared/tls-use.ts';
import { factsOf, stateOf } from '../../../certificates/facts.ts';
import { hasAddress } from '../../../engine/own-endpoints.ts';
import { usageIssue } from '../../certificate-usage.ts';
import { forbids, type PartItem, type Scene, type SitePart, UnfitItem, warns } from '../site-part.ts';

const itemOf = (profile: ProxyProfile): PartItem => {
  const { proxy, name, description, enabled, config, tags, schedule } = profile;
  return { key: proxy, name, shown: { name, description, enabled, config, tags, schedule }, profile, secrets: {} };
};
const profileOf = ({ profile }: PartItem): ProxyProfile => profile as ProxyProfile;

export const proxiesPart: SitePart = {
  part: 'proxies',
  here: ({ config }) => config.proxies.map(itemOf),
  read({ value }, { config, now }) {
    const { data, error } = proxyInput.safeParse(value);
    if (!data) throw new UnfitItem(toIssues(error.issues));
    const present = config.proxies.find(({ proxy }) => proxy === data.proxy);
    return itemOf({
      proxy: data.proxy,
      name: data.name,
      description: data.description ?? '',
      enabled: data.enabled ?? true,
      config: completeConfig(data.config, { defaultAddress: config.settings.listen.defaultAddress }),
      ...(data.tags && { tags: data.tags }),
      ...(data.schedule && { schedule: data.schedule }),
      created: present?.created ?? now,
      modified: now,
    });
  },
  async concerns(item, scene) {
    const profile = profileOf(item);
    return [
      ...loops(profile, scene),
      ...missingPlaces(profile, scene),
      ...certificateConcerns(profile, scene),
      ...(await portConcerns(profile, scene)),
    ];
  },
  keep: (item, draft) => void draft.proxies.set(item.key, profileOf(item)),
  remove: (key, draft) => void draft.proxies.delete(key),
};

function loops(profile: ProxyProfile, { engine, after }: Scene): SiteConcern[] {
  const others = [...after.proxies.values()].filter(({ proxy }) => proxy !== profile.proxy);
  const fault = engine.loopFault(profile, others);
  return fault ? [forbids('value', fault.message)] : [];
}

function missingPlaces({ config }: ProxyProfile, { after }: Scene): SiteConcern[] {
  const device = deviceOf(config);
  const plugin = pluginOf(config);
  const concerns: SiteConcern[] = [];
  if (device && !after.devices.has(deviceLabel(device))) {
    concerns.push(warns('device', `There is no device ${deviceLabel(device)} here.`));
  }
  if (plugin && !after.plugins.has(pluginLabel(plugin))) {
    concerns.push(warns('plugin', `There is no plugin ${pluginLabel(plugin)} here.`));
  }
  return concerns;
}

function certificateConcerns({ config }: ProxyProfile, { after, present }: Scene): SiteConcern[] {
  return certificatesOf(config).flatMap((reference): SiteConcern[] => {
    const { certificate } = reference;
    if (certificate === GATEWAY_CERTIFICATE || certificate === HUB_CERTIFICATE) return [];
    const profile = after.certificates.get(certificate);
    const issue = usageIssue(reference, profile);
    if (issue || !profile) return [forbids('certificate', issue?.message ?? '')];
    const isOver = stateOf(factsOf(profile), present.now) === 'ended';
    return isOver ? [warns('ends', `Its certificate ${certificate} has ended.`)] : [];
  });
}

async function portConcerns(profile: ProxyProfile, scene: Scene): Promise<SiteConcern[]> {
  const { source, protocol } = profile.config;
  const { address, port } = source;
  if (port === undefined) return [];
  if (!hasAddress(address)) return [warns('address', `This PC does not have the address ${address}.`)];
  const rival = rivalOf(profile, scene);
  if (rival) return [warns('port', `Port ${port} is taken by proxy ${rival.name}.`)];
  if (!profile.enabled) return [];
  const fault = await scene.engine.portFault({ address, port, protocol, proxy: profile.proxy });
  // A proxy that gives the port up with this import holds it until then.
  const isLeaving =
    fault && scene.present.config.proxies.some((one) => isOn(one, profile) && !claims(one.proxy, profile, scene));
  return fault && !isLeaving ? [warns('port', fault.message)] : [];
}

/** Another proxy that wants the same port after the import. */
function rivalOf(profile: ProxyProfile, { after }: Scene): ProxyProfile | undefined {
  return [...after.proxies.values()].find((one) => one.proxy !== profile.proxy && isOn(one, profile));
}

function claims(proxy: string, profile: ProxyProfile, { after }: Scene): boolean {
  const stays = after.proxies.get(proxy);
  return stays?.enabled === true && isOn(stays, profile);
}

function isOn({ config: { source: one, protocol } }: ProxyProfile, { config }: ProxyProfile): boolean {
  const { source: other } = config;
  if (one.port !== other.port) return false;
  if (!transportsOf(protocol).some((transport) => transportsOf(config.protocol).includes(transport))) return false;
  return one.address === other.address || isWildcard(one.address) || isWildcard(other.address);
}
