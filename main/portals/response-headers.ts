/** The headers of a device's answer as the browser gets them: pure, one table of rules. */
import { cookieForPortal } from './cookies.ts';
import type { Sides } from './portal.ts';
import { connectionNames, type HeaderValues, hopByHop, pairs } from './request-headers.ts';
import { portalPolicies, translatedPolicies } from './security-policy.ts';

/** Statements about the device's own origin that would be wrong, or reach too far, at the portal's. */
const dropped: ReadonlySet<string> = new Set([
  'x-frame-options',
  'strict-transport-security',
  'public-key-pins',
  'clear-site-data',
  'alt-svc',
  'origin-agent-cluster',
  'content-security-policy',
  'content-security-policy-report-only',
]);

/** @param frames  origins that may show the page in a frame, besides the portal itself */
export function responseHeaders(rawHeaders: readonly string[], sides: Sides, frames: readonly string[]): HeaderValues {
  const headers: HeaderValues = {};
  const named = connectionNames(rawHeaders);
  const values = (wanted: string): string[] =>
    [...pairs(rawHeaders)].flatMap(([name, value]) => (name === wanted ? [value] : []));
  for (const [name, value] of pairs(rawHeaders)) {
    if (hopByHop.has(name) || dropped.has(name) || named.has(name)) continue;
    const told = valueForPortal(name, value, sides);
    if (told === undefined) continue;
    const before = headers[name];
    headers[name] = before === undefined ? told : [before, told].flat();
  }
  headers['content-security-policy'] = portalPolicies(values('content-security-policy'), sides, frames);
  const reportOnly = translatedPolicies(values('content-security-policy-report-only'), sides);
  if (reportOnly.length > 0) headers['content-security-policy-report-only'] = reportOnly;
  headers['origin-agent-cluster'] = '?1';
  return headers;
}

function valueForPortal(name: string, value: string, sides: Sides): string | undefined {
  switch (name) {
    case 'set-cookie':
      return cookieForPortal(value);
    case 'location':
    case 'content-location':
      return portalUrl(value, sides);
    case 'refresh':
      // Trimmed before: an end of `\s*$` would look at long runs of spaces again and again.
      return value
        .trim()
        .replace(
          /^([\d.]+\s*[;,]\s*(?:url\s*=\s*)?)(['"]?)(.*?)\2$/i,
          (_whole, start: string, quote: string, url: string) => `${start}${quote}${portalUrl(url, sides)}${quote}`,
        );
    case 'access-control-allow-origin':
      return URL.canParse(value) && sides.isTarget(new URL(value)) ? sides.portalOrigin : value;
    default:
      return value;
  }
}

/** An absolute address of the target as one of the portal; relative and foreign ones as they are. */
export function portalUrl(value: string, { targetOrigin, portalOrigin, isTarget }: Sides): string {
  const isAbsolute = /^\s*([a-z][a-z\d+.-]*:|[/\\]{2})/i.test(value);
  if (!isAbsolute || !URL.canParse(value, targetOrigin)) return value;
  const url = new URL(value, targetOrigin);
  return isTarget(url) ? portalOrigin + url.pathname + url.search + url.hash : value;
}
