/** The configuration as it would be: a copy that parts change, and that is saved as a whole. */
import { randomBytes } from 'node:crypto';
import { deviceLabel } from '../../../shared/device.ts';
import { pluginLabel } from '../../../shared/name.ts';
import { hashCredentials } from '../../access/device-credentials.ts';
import type { StoredConfig } from '../../store/config-document.ts';
import type { Draft, Present } from './site-part.ts';

const CREDENTIAL_BYTES = 18;

/** @param hashKey  gives the key of device credentials, which is made where there is none */
export function draftOf(
  { config, users }: Pick<Present, 'config' | 'users'>,
  now: number,
  hashKey: () => Buffer,
): Draft {
  return {
    proxies: new Map(config.proxies.map((one) => [one.proxy, one])),
    devices: new Map(config.devices.map((one) => [deviceLabel(one), one])),
    plugins: new Map(config.plugins.map((one) => [pluginLabel(one), one])),
    certificates: new Map(config.certificates.map((one) => [one.certificate, one])),
    templates: new Map((config.templates ?? []).map((one) => [one.template, one])),
    users: new Map(users.map((one) => [one.name, one])),
    settings: config.settings,
    secrets: new Map(),
    credentials: [],
    newCredentials: () => {
      const plain = randomBytes(CREDENTIAL_BYTES).toString('base64url');
      return { plain, hash: hashCredentials(hashKey(), plain) };
    },
    now,
  };
}

export const configOf = ({ proxies, devices, plugins, certificates, templates, settings }: Draft): StoredConfig => ({
  proxies: [...proxies.values()],
  devices: [...devices.values()],
  plugins: [...plugins.values()],
  certificates: [...certificates.values()],
  // Left out where there are none, as the store does.
  ...(templates.size > 0 && { templates: [...templates.values()] }),
  settings,
});
