/** Runs the test of a proxy and holds what is known of it so far. */
import { useEffect, useRef, useState } from 'react';
import type { LadderResult, StepResult } from '../../../shared/ladder.ts';
import type { ProxyConfigInput } from '../../../shared/proxy.ts';
import { type Failure, failureOf } from '../../api/failure.ts';
import { useClient } from '../../api/use-gateway.ts';
import { announce } from '../../components/announcer.tsx';

export interface LadderRun {
  readonly plan: LadderResult['plan'];
  readonly steps: readonly StepResult[];
  readonly isRunning: boolean;
  /** When the step that runs now began; monotonic milliseconds. */
  readonly stepBegan: number;
  /** Why the test itself could not be made. */
  readonly failure: Failure | undefined;
}

export interface Ladder {
  readonly run: LadderRun | undefined;
  /** @param config  tried in place of the saved one */
  start(proxy: string, config?: ProxyConfigInput): void;
  stop(): void;
}

const begun = (): LadderRun => ({
  plan: [],
  steps: [],
  isRunning: true,
  stepBegan: performance.now(),
  failure: undefined,
});

export const works = ({ plan, steps }: LadderRun): boolean =>
  plan.length > 0 && steps.length === plan.length && steps.every(({ ok }) => ok);

export function useLadder(): Ladder {
  const client = useClient();
  const [run, setRun] = useState<LadderRun>();
  const current = useRef<AbortController>(undefined);
  useEffect(() => () => current.current?.abort(), []);

  const stop = () => {
    current.current?.abort();
    current.current = undefined;
    setRun((before) => before && { ...before, isRunning: false });
  };
  const start = (proxy: string, config?: ProxyConfigInput) => {
    current.current?.abort();
    const over = new AbortController();
    current.current = over;
    const change = (next: (before: LadderRun) => LadderRun) => {
      if (current.current === over) setRun((before) => before && next(before));
    };
    setRun(begun());
    const follow = async () => {
      const body = config === undefined ? {} : { config };
      const events = await client.proxies.testLive({ params: { proxy }, body }, { signal: over.signal });
      let last: LadderRun = begun();
      for await (const event of events) {
        last =
          event.type === 'plan'
            ? { ...last, plan: event.plan }
            : { ...last, steps: [...last.steps, event.result], stepBegan: performance.now() };
        const now = last;
        change(() => now);
      }
      change((before) => ({ ...before, isRunning: false }));
      if (current.current === over) announce(works(last) ? 'The test passed.' : 'The test found a fault.');
    };
    follow().catch((thrown: unknown) =>
      change((before) => ({ ...before, isRunning: false, failure: failureOf(thrown) })),
    );
  };
  return { run, start, stop };
}
