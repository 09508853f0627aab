/** The connections whose captured payload holds what is looked for; looked for again while payload is captured. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import type { FindResult } from '../../../shared/capture.ts';
import { useClient, useGateway } from '../../api/use-gateway.ts';

const AGAIN_MS = 2000;

/** @returns undefined while nothing is looked for, or before the first answer */
export function useFoundPipes(what: string, proxy: string | undefined, isArmed: boolean): FindResult | undefined {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const wanted = useDeferredValue(what.trim());
  const { data } = useQuery({
    queryKey: ['found-pipes', wanted, proxy],
    queryFn: ({ signal }) => client.captures.find({ what: wanted, ...(proxy !== undefined && { proxy }) }, { signal }),
    enabled: isAnswering && wanted !== '',
    placeholderData: keepPreviousData,
    refetchInterval: isArmed ? AGAIN_MS : false,
  });
  return wanted === '' ? undefined : data;
}
