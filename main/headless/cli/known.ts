/** IDs that were typed. */
import { SluiceError } from '../../../shared/errors.ts';
import { proxyId } from '../../../shared/name.ts';

/** What cannot be an ID must not become part of an address: `..` would name another place. Throws PROXY_NOT_FOUND. */
export function knownProxy(id: string): string {
  if (!proxyId.safeParse(id).success) throw new SluiceError('PROXY_NOT_FOUND', { proxy: id });
  return id;
}
