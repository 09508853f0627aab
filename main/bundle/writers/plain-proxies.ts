/** What proxies are for programs that only lead bytes on: who has no place there, and why. */
import type { PluginKey } from '../../../shared/name.ts';
import { deviceOf, type ProxyProfile, pluginOf } from '../../../shared/proxy.ts';
import { parseVerify } from '../../../shared/tls.ts';

export interface WrittenConfig {
  readonly content: string;
  readonly count: number;
  readonly notes: readonly string[];
}

export interface PlainProxy {
  readonly profile: ProxyProfile;
  readonly port: number;
  readonly target: { readonly address: string; readonly port: number };
}

/** Where a plugin is; undefined for one that is not here. */
export type PluginPlaces = (key: PluginKey) => { readonly address: string } | undefined;

/** The proxy as others can lead it on, or why they cannot. */
export function plainOf(profile: ProxyProfile, places: PluginPlaces): PlainProxy | string {
  const { config } = profile;
  const { source, target } = config;
  if (!profile.enabled) return 'it is switched off';
  if (deviceOf(config)) return 'it leads through a device, which only Sluice can';
  if (source.port === undefined) return 'it has no port of its own';
  const plugin = pluginOf(config);
  const address = target.type === 'plugin' ? plugin && places(plugin)?.address : target.address;
  if (address === undefined) return 'its plugin is not on this PC';
  if (target.secure && parseVerify(target.verify).kind === 'pin') {
    return 'its target is verified by a fingerprint, which can be said only by Sluice';
  }
  return { profile, port: source.port, target: { address, port: target.port } };
}

/** As a comment: on one line, and nothing else. */
export const comment = (text: string): string => `# ${text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}`;

/** Files that have to be laid beside the configuration. */
export const fileOf = (certificate: string): string => `sluice-${certificate}.pem`;

export const withKey = (certificate: string, who: string): string =>
  `${who}: put certificate ${certificate} with its key into ${fileOf(certificate)}; the page Certificates exports both.`;
export const withoutKey = (certificate: string, who: string): string =>
  `${who}: put CA ${certificate} into ${fileOf(certificate)}; the page Certificates exports it.`;
