/** What parts, changes and counts of a site bundle are called. */
import type { Placeholder, SiteItemView, SitePartName } from '../../../shared/site.ts';

export const partWords: Readonly<Record<SitePartName, string>> = {
  certificates: 'Certificates',
  plugins: 'Plugins',
  devices: 'Devices',
  proxies: 'Proxies',
  templates: 'Templates',
  settings: 'Settings',
  users: 'Users',
};

export const changeWords: Readonly<Record<SiteItemView['change'], string>> = {
  new: 'New',
  changed: 'Changed',
  same: 'Same',
  removed: 'Removed',
};

export const placeholderWords: Readonly<Record<Placeholder, string>> = {
  site: 'Site name',
  lan_ip: 'LAN address',
  device: 'Device ID',
};

interface Counts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export const countText = ({ added, changed, removed }: Counts): string =>
  `${added} new, ${changed} changed, ${removed} removed`;

/** Whether a file needs a passphrase, by how it begins. */
export const isSealed = (text: string): boolean => /^\s*\{\s*"format"\s*:\s*"sluice-bundle"/.test(text);
