/** Opening proxies for a time, from the list. */
import type { LeaseWish } from '../../../shared/lease.ts';
import { useCall } from '../../api/use-gateway.ts';

export function useOpenFor(options: { readonly showsFailure?: boolean } = {}) {
  return useCall(
    (client, { proxy, wish }: { proxy: string; wish: LeaseWish }) =>
      client.proxies.openFor({ params: { proxy }, body: wish }),
    options,
  );
}

/** Closes it now, or leaves it open for good. */
export function useEndLease() {
  return useCall((client, { proxy, stays }: { proxy: string; stays: boolean }) =>
    stays ? client.proxies.keepOpen({ proxy }) : client.proxies.endLease({ proxy }),
  );
}
