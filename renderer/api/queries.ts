/** What is asked once and kept: facts of this PC that bring no events. */
import { useQuery } from '@tanstack/react-query';
import type { NetworkAddress } from '../../shared/contract.ts';
import { useClient } from './use-gateway.ts';

const none: readonly NetworkAddress[] = [];

/** The addresses of the network cards, without loopback; empty until known. */
export function useCardAddresses(): readonly NetworkAddress[] {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['addresses'],
    queryFn: async () => (await client.addresses.list()).filter(({ loopback }) => !loopback),
  });
  return data ?? none;
}
