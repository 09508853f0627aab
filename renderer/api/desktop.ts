/** What the page knows of the desktop application around it, and what it may ask of it. Nothing in a browser. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DesktopPreferences, DesktopView } from '../../shared/desktop.ts';
import { isOnDesktop } from './host.ts';
import { useDesktopClient, useGateway } from './use-gateway.ts';

const queryKey = ['desktop'];

/** Undefined in a browser, and until the application has answered. */
export function useDesktop(): DesktopView | undefined {
  const client = useDesktopClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const { data } = useQuery({
    queryKey,
    queryFn: () => client.view(),
    enabled: isAnswering && isOnDesktop(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}

/** Keeps a choice; its failure is shown by the frame. */
export function useChangeDesktop() {
  const client = useDesktopClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<DesktopPreferences>) => client.update(change),
    networkMode: 'always',
    onSuccess: (view) => queries.setQueryData(queryKey, view),
  });
}
