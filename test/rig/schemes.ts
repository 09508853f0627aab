/**
 * Schemes of the application. Chromium takes none over DevTools, so each host of such a scheme is shown to it as a host of
 * https that nobody can have, and the rig answers its requests.
 */
import { fault } from './desk.ts';

export interface Privileges {
  readonly standard?: boolean;
  readonly secure?: boolean;
  readonly supportFetchAPI?: boolean;
  readonly corsEnabled?: boolean;
  readonly bypassCSP?: boolean;
  readonly allowServiceWorkers?: boolean;
}

export const registered = new Map<string, Privileges>();

export function registerScheme(scheme: string, privileges: Privileges): void {
  if (privileges.bypassCSP) throw fault(`The scheme ${scheme} must not go around the policy of its pages.`);
  if (privileges.supportFetchAPI && !privileges.corsEnabled)
    throw fault(`The scheme ${scheme} could be read by other origins (CVE-2026-70604): it needs corsEnabled.`);
  registered.set(scheme, privileges);
}

/** As Chromium knows an address of the application. */
export function outward(url: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  const privileges = registered.get(scheme);
  if (!privileges) return url;
  if (!privileges.standard || !privileges.secure)
    throw fault(`Pages of ${scheme}: need a scheme that is registered as standard and secure.`);
  return `https://${host}.${scheme}.invalid${rest}`;
}

/** As the application knows an address of Chromium. */
export function inward(url: string): string {
  const [, host = '', scheme = '', rest = ''] =
    /^https:\/\/([^/?#]+)\.([a-z][a-z0-9+-]*)\.invalid(.*)$/.exec(url) ?? [];
  return registered.has(scheme) ? `${scheme}://${host}${rest}` : url;
}

export const schemeOf = (url: string): string => /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1] ?? '';
