/** The threads of engines in this process, so that tests can see which of them has what, and let one fail. */
import { Worker } from 'node:worker_threads';
import { vi } from 'vitest';
import type { Told } from '../../main/engine/spread/messages.ts';

/** For engines whose clients are spread over two threads. */
export const spread = { limits: { maxPipes: 0, maxUdpFlows: 1024, workers: 2 } } as const;

export interface WatchedThread {
  /** Clients that it has let in so far, as far as it has told. */
  pipes: number;
  /** Lets it fail as a mistake of its program would. */
  fail(): void;
}

/** Notes every thread that is started from now on, in order. */
export function watchThreads(): { readonly threads: readonly WatchedThread[]; restore(): void } {
  const threads: WatchedThread[] = [];
  const known = new Set<Worker>();
  const note = (worker: Worker): void => {
    if (known.has(worker)) return;
    known.add(worker);
    const thread: WatchedThread = { pipes: 0, fail: () => worker.postMessage({ call: 0, task: { do: 'nonsense' } }) };
    worker.on('message', (told: Told) => {
      if (told.tell !== 'news') return;
      for (const { opened, ended } of told.news)
        thread.pipes += opened.length + ended.filter(({ reason }) => reason !== 'limit').length;
    });
    threads.push(thread);
  };
  const { postMessage } = Worker.prototype;
  const spy = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, ...given) {
    note(this);
    postMessage.apply(this, given);
  });
  return { threads, restore: () => spy.mockRestore() };
}
