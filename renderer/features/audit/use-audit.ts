/** Reads the audit log page by page, and the newest part anew while nobody has asked for older ones. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import type { AuditEntry, AuditQuery } from '../../../shared/audit.ts';
import { useClient, useGateway } from '../../api/use-gateway.ts';

const AGAIN_MS = 5000;

export interface AuditFilter {
  readonly text: string;
  readonly who: string;
  /** Empty: of all kinds. */
  readonly kind: string;
  /** Wall clock milliseconds; undefined: from the beginning. */
  readonly since: number | undefined;
}

export interface ReadAudit {
  readonly entries: readonly AuditEntry[] | undefined;
  readonly error: Error | null;
  readonly hasOlder: boolean;
  readonly isReading: boolean;
  older(): void;
}

export function useAudit(filter: AuditFilter): ReadAudit {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const { text, who, kind, since } = useDeferredValue(filter);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['audit', text, who, kind, since],
    queryFn: ({ pageParam, signal }) =>
      client.audit.list({ ...wishOf({ text, who, kind, since }), ...(pageParam && { before: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    enabled: isAnswering,
    refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : AGAIN_MS),
  });
  return {
    entries: data?.pages.flatMap(({ entries }) => entries),
    error,
    hasOlder: hasNextPage,
    isReading: isFetchingNextPage,
    // What goes wrong is in `error`.
    older: () => void fetchNextPage(),
  };
}

const wishOf = ({ text, who, kind, since }: AuditFilter): Partial<AuditQuery> => ({
  ...(text.trim() !== '' && { text: text.trim() }),
  ...(who.trim() !== '' && { who: who.trim() }),
  ...(kind !== '' && { kind }),
  ...(since !== undefined && { since }),
});
