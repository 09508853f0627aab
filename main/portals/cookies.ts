/** Cookies on their way through a portal: those of Sluice stay here, those of the device become host-only. */

/** Names that no device sees and no device may set. */
const OWN_PREFIX = 'sluice_';

/** The cookie that holds the session of a portal. Names the port, because cookies themselves ignore ports. */
export const sessionCookieName = (port: number): string => `${OWN_PREFIX}portal_${port}`;

const isOwn = (pair: string): boolean => pair.trim().toLowerCase().startsWith(OWN_PREFIX);

/** All values that a `Cookie` header has under a name. */
export function cookieValues(header: string | undefined, name: string): string[] {
  return (header ?? '').split(';').flatMap((pair) => {
    const [key = '', ...value] = pair.split('=');
    return key.trim() === name ? [value.join('=').trim()] : [];
  });
}

/** A `Cookie` header for the device; undefined where nothing is left. */
export function cookiesForTarget(header: string): string | undefined {
  const kept = header.split(';').filter((pair) => pair.trim() !== '' && !isOwn(pair));
  return kept.length > 0 ? kept.map((pair) => pair.trim()).join('; ') : undefined;
}

/**
 * A `Set-Cookie` of the device for the portal's own host: no Domain, no Secure (the portal is plain HTTP on this PC),
 * and SameSite=None, which needs Secure, becomes Lax. Undefined where the device may not set it.
 */
export function cookieForPortal(header: string): string | undefined {
  const [pair = '', ...attributes] = header.split(';');
  if (isOwn(pair) || /^=?$/.test(pair.trim())) return undefined;
  // Browsers take these prefixes on this PC's own names, but only with Secure.
  const needsSecure = /^\s*__(host|secure)-/i.test(pair);
  const kept = attributes.flatMap((attribute) => {
    const name = (attribute.split('=')[0] ?? '').trim().toLowerCase();
    if (name === 'domain' || name === 'partitioned' || (name === 'secure' && !needsSecure)) return [];
    if (name === 'samesite' && /=\s*none\s*$/i.test(attribute) && !needsSecure) return [' SameSite=Lax'];
    return [attribute];
  });
  return [pair, ...kept].join(';');
}
