/** How a program that runs until somebody ends it learns of that: signals, and its own mistakes. */
import type { Logger } from '../engine/port-server.ts';

/** A gentle stop that does not come to an end is cut off. */
const LAST_RESORT_MS = 10_000;

/** The exit code: 0 for a signal, 1 after a mistake. A second signal ends the process at once. */
export function whenEnded(log: Logger): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const end = (code: number): void => {
    setTimeout(() => process.exit(1), LAST_RESORT_MS).unref();
    resolve(code);
  };
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    // A package below conf answers a signal by sending it to this process again, which would be the second one.
    process.removeAllListeners(signal);
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      log.info({ signal }, 'Stopping.');
      end(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      log.error({ err }, 'Sluice made a mistake and stops.');
      end(1);
    });
  }
  return promise;
}
