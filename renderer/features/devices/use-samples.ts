/** Follows the rates of a device once a second, while somebody wants to see them move. */
import { useEffect, useState } from 'react';
import { useReader } from '../../api/use-gateway.ts';
import type { Sample } from '../../components/live-chart.tsx';
import { samplesOfHistory, withSample } from './samples.ts';

interface Window {
  readonly samples: readonly Sample[];
  /** The right end, wall clock milliseconds. */
  readonly until: number;
}

export function useSamples(label: string, isLive: boolean): Window {
  const read = useReader();
  const first = (): Window => {
    const until = Date.now();
    const view = read().devices.get(label);
    return { samples: view ? samplesOfHistory(view.connection, until) : [], until };
  };
  const [shown, setShown] = useState(first);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was missed while it stood still comes from the gateway
  useEffect(() => {
    if (!isLive) return;
    setShown(first());
    const timer = setInterval(() => {
      const until = Date.now();
      const view = read().devices.get(label);
      setShown(({ samples }) => ({ samples: view ? withSample(samples, view.connection, until) : samples, until }));
    }, 1000);
    return () => clearInterval(timer);
  }, [label, isLive]);
  return shown;
}
