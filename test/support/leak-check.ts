/** Fails a suite that leaves sockets, servers or timers of the product behind. */
import { waitFor } from './wait.ts';

const watched = /^(TCP|UDP|Timeout)/;

function counted(): string[] {
  return process.getActiveResourcesInfo().filter((name) => watched.test(name));
}

/** Notes what is open now; the function it returns waits until no more than that is open. */
export function leakCheck(): () => Promise<void> {
  const before = counted().length;
  return async () => {
    await waitFor(() => counted().length <= before, `open handles to fall to ${before}, now ${counted().join(', ')}`);
  };
}
