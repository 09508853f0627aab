/** The containers of this PC, and what a plugin gets from one that is picked. */
import { useQuery } from '@tanstack/react-query';
import { isWildcard } from '../../../shared/address.ts';
import type { ContainerView } from '../../../shared/plugin.ts';
import { useClient, useGateway } from '../../api/use-gateway.ts';

const none: readonly ContainerView[] = [];
const AGAIN_MS = 5000;

export interface KnownContainers {
  readonly containers: readonly ContainerView[];
  /** Why Docker could not be asked. */
  readonly error: Error | null;
  readonly isKnown: boolean;
}

/** Looked at again every few seconds while it is in sight. */
export function useContainers(): KnownContainers {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const { data, error } = useQuery({
    queryKey: ['containers'],
    queryFn: () => client.plugins.containers(),
    enabled: isAnswering,
    refetchInterval: AGAIN_MS,
  });
  return { containers: error ? none : (data ?? none), error, isKnown: data !== undefined || error !== null };
}

export interface Published {
  readonly address: string;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
}

/** Where it is reached from this PC: its first TCP port, else its first. */
export function publishedOf({ ports }: Pick<ContainerView, 'ports'>): Published | undefined {
  const found = ports.find(({ transport }) => transport === 'tcp') ?? ports[0];
  if (!found) return undefined;
  const { address, port, transport } = found;
  return { address: isWildcard(address) || address === '' ? '127.0.0.1' : address, port, transport };
}
