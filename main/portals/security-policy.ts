/** The content security policy of a device's page, seen through its portal. */
import type { Sides } from './portal.ts';

/**
 * The policies of the device with `frame-ancestors` taken out and its own origin translated, then ours: only the
 * portal itself and the application may show the page in a frame.
 */
export function portalPolicies(device: readonly string[], sides: Sides, frames: readonly string[]): string[] {
  return [...translatedPolicies(device, sides), frameAncestors(frames)];
}

export const frameAncestors = (frames: readonly string[]): string => ["frame-ancestors 'self'", ...frames].join(' ');

export function translatedPolicies(device: readonly string[], sides: Sides): string[] {
  return device
    .flatMap((header) => header.split(','))
    .map((policy) => translated(policy, sides))
    .filter((policy) => policy !== '');
}

function translated(policy: string, sides: Sides): string {
  const directives = policy.split(';').map((directive) => directive.trim());
  const kept = directives.filter((directive) => directive !== '' && !/^frame-ancestors(\s|$)/i.test(directive));
  return kept.map((directive) => directive.replace(/\S+/g, (word) => portalSource(word, sides))).join('; ');
}

/** `http://10.0.0.7/app/` → the same path of the portal; other words as they are. */
function portalSource(word: string, { isTarget, portalOrigin }: Sides): string {
  if (!/^(https?|wss?):\/\//i.test(word) || !URL.canParse(word)) return word;
  const url = new URL(word);
  if (!isTarget(url)) return word;
  const path = /^[a-z]+:\/\/[^/]+$/i.test(word) ? '' : url.pathname;
  return (url.protocol.startsWith('ws') ? portalOrigin.replace(/^http/, 'ws') : portalOrigin) + path;
}
