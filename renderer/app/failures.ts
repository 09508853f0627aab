/** The failure of the last call that no form shows itself; the frame shows it as a bar. */
import { MutationCache, QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { type Failure, failureOf } from '../api/failure.ts';
import { wishUnlock } from '../components/may.tsx';

let last: Failure | undefined;
const listeners = new Set<() => void>();

export function showFailure(failure: Failure | undefined): void {
  last = failure;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useFailure(): Failure | undefined {
  return useSyncExternalStore(subscribe, () => last);
}

export const queryClient = new QueryClient({
  defaultOptions: { queries: { networkMode: 'always', retry: false, refetchOnWindowFocus: false } },
  mutationCache: new MutationCache({
    onMutate: () => showFailure(undefined),
    onError: (error, _input, _context, mutation) => {
      const failure = failureOf(error);
      if (failure.code === 'FORBIDDEN') wishUnlock(failure.message);
      else if (!mutation.meta?.showsFailure) showFailure(failure);
    },
  }),
});
