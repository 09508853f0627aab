/** Kept conversations, asked for when the page comes into sight and after each change made here. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ReplayWish } from '../../../../shared/capture.ts';
import type { RecordView } from '../../../../shared/record.ts';
import { useCall, useClient, useGateway } from '../../../api/use-gateway.ts';
import type { PipeRow } from '../pipe-list.ts';

const queryKey = ['records'];

/** The newest first. */
export function useRecords(): readonly RecordView[] {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const { data } = useQuery({ queryKey, queryFn: () => client.records.list(), enabled: isAnswering });
  return data ?? none;
}

const none: readonly RecordView[] = [];

/** Records of a proxy, or of all, as rows of the list: each stands for the pipe that was kept. */
export function useKeptRows(proxy: string | undefined): readonly PipeRow[] {
  const records = useRecords();
  return useMemo(
    () => records.filter(({ pipe }) => proxy === undefined || pipe.proxy === proxy).map(rowOf),
    [records, proxy],
  );
}

function rowOf({ record, name, kept, pipe }: RecordView): PipeRow {
  return {
    name,
    // It may have been open then; its age ends where it was kept.
    pipe: { closed: kept, ...pipe, pipe: record, capture: { capture: record, armed: false } },
    rate: { received: 0, sent: 0 },
    movedAt: 0,
  };
}

/** Whether an ID is that of a record, and not that of a pipe. */
export const isRecord = (id: string): boolean => id.startsWith('r');

export function useKeep() {
  const queries = useQueryClient();
  return useCall(async (client, { pipe, name }: { pipe: string; name: string }) => {
    const kept = await client.records.keep({ params: { pipe }, body: name === '' ? {} : { name } });
    await queries.invalidateQueries({ queryKey });
    return kept;
  });
}

export function useRemoveRecord() {
  const queries = useQueryClient();
  return useCall(async (client, record: string) => {
    await client.records.remove({ record });
    await queries.invalidateQueries({ queryKey });
  });
}

export const useReplay = () =>
  useCall(
    (client, { pipe, ...body }: { pipe: string } & Partial<ReplayWish>) =>
      client.captures.replay({ params: { pipe }, body }),
    { showsFailure: true },
  );
