/** What has passed lately, asked for anew as often as a column of it changes to the eye. */
import { useQuery } from '@tanstack/react-query';
import type { Span, TrafficHistory } from '../../../shared/traffic.ts';
import { useClient, useGateway } from '../../api/use-gateway.ts';
import type { Mark, Sample } from '../../components/live-chart.tsx';
import type { PipeRow } from './pipe-list.ts';
import { endingOf, reasonText } from './pipe-text.ts';
import { addressOf } from './traffic-calls.ts';

const beatMs: Record<Span, number> = { '1m': 1000, '10m': 2000, '1h': 5000 };

export function useHistory(proxy: string | undefined, span: Span, isPaused: boolean): TrafficHistory | undefined {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const { data } = useQuery({
    queryKey: ['history', proxy, span],
    queryFn: () => client.traffic.history({ span, ...(proxy !== undefined && { proxy }) }),
    enabled: isAnswering && !isPaused,
    refetchInterval: beatMs[span],
    placeholderData: (before) => before,
  });
  return data;
}

/** Rates per column; each stands at the end of its column. */
export function samplesOf({ received, sent, columnMs, last }: TrafficHistory): Sample[] {
  return received.map((to, index) => ({
    at: last - (received.length - 1 - index) * columnMs,
    to: (to * 1000) / columnMs,
    back: ((sent[index] ?? 0) * 1000) / columnMs,
  }));
}

const MOST_MARKS = 12;

/** Connects and faults within the time that is shown: the newest of them. */
export function marksOf(rows: readonly PipeRow[], from: number): Mark[] {
  const marks: Mark[] = [];
  for (const { pipe } of rows) {
    const isFault = ['fault', 'lost', 'refused'].includes(endingOf(pipe));
    if (isFault && (pipe.closed ?? 0) >= from)
      marks.push({ at: pipe.closed ?? pipe.opened, kind: 'fault', words: `${addressOf(pipe)}: ${reasonText(pipe)}` });
    else if (pipe.opened >= from)
      marks.push({ at: pipe.opened, kind: 'connect', words: `${addressOf(pipe)} connected` });
  }
  return marks.sort((a, b) => b.at - a.at).slice(0, MOST_MARKS);
}
