/** What is asked for when it is needed: facts of this PC that bring no events. */
import { useQuery } from '@tanstack/react-query';
import type { NetworkAddress } from '../../shared/contract/ports.ts';
import type { Finding } from '../../shared/finding.ts';
import { useClient, useGateway } from './use-gateway.ts';

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

export interface Examination {
  readonly findings: readonly Finding[] | undefined;
  /** What kept it from being made, last time. */
  readonly error: Error | null;
  readonly isRunning: boolean;
  again(): void;
}

/** What the doctor finds on the PC of the gateway, looked at anew whenever it comes into sight. */
export function useExamination(): Examination {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['examination'],
    queryFn: () => client.gateway.examine(),
    enabled: isAnswering,
  });
  // What goes wrong is in `error`.
  const again = () => void refetch();
  return { findings: data, error, isRunning: isFetching, again };
}
