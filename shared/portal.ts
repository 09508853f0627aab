/** Web portals of devices: their own host names, and the name that people see. */
import { z } from 'zod';
import type { ProxyProfile } from './proxy.ts';

/** The page and all portals share this parent, so that browsers take them as one site (contract.md §5). */
export const PORTAL_PARENT = 'sluice.localhost';
/** Where a one-time ticket becomes a session; no path of a device. */
export const OPEN_PATH = '/.sluice/open';

const LONGEST_NAME = 64;

/** A portal of a device, as `GET …/services` tells of it. */
export const portalService = z.object({
  /** The ID of its proxy. */
  service: z.string(),
  name: z.string(),
  /** Opens the portal once, within a minute. */
  url: z.string(),
});
export type PortalService = z.infer<typeof portalService>;

/**
 * The host name of a portal, without port: the ID in lower case under {@link PORTAL_PARENT}. A short hash of the ID is
 * added where another ID would have the same name, or where the ID alone is no good label.
 * @param others  IDs of all portals; its own may be among them
 */
export function portalHost(proxy: string, others: Iterable<string>): string {
  const label = proxy.toLowerCase();
  const isTaken = label !== proxy && [...others].some((other) => other !== proxy && other.toLowerCase() === label);
  const isPlain = /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/.test(label) && !/^xn--|--[0-9a-f]{8}$/.test(label);
  if (isPlain && !isTaken) return `${label}.${PORTAL_PARENT}`;
  const readable = label.replace(/^xn--/, '').replace(/^[-_]+|[-_]+$/g, '') || 'portal';
  return `${readable}--${shortHash(proxy)}.${PORTAL_PARENT}`;
}

/** What tabs and lists call a portal. */
export function portalName({ name, config }: Pick<ProxyProfile, 'name' | 'config'>): string {
  return config.portal?.name ?? name.slice(0, LONGEST_NAME);
}

/** FNV-1a in 8 hex digits: tells names apart, protects nothing. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
