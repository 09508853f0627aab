/** Time-outs are looked at every so often, all at once: a timer for each pipe would cost more than the pipe. */

/** Later than by its own pace, a sweep comes only where this process, or the whole PC, was stopped. */
const STOPPED_MS = 1000;

/**
 * Leaves out the first turn after this process was stopped: timers come before sockets, so what others have said
 * meanwhile is still unread, and their silence would be held against them.
 * @param sweep  gets the monotonic time in ms
 */
export function sweepEvery(ms: number, sweep: (nowMs: number) => void): NodeJS.Timeout {
  let turnMs = performance.now();
  let wasLeftOut = false;
  return setInterval(() => {
    const nowMs = performance.now();
    const isLate = nowMs - turnMs > ms + STOPPED_MS;
    turnMs = nowMs;
    // One after the other is late where there is too much to do: then sweeping must go on.
    wasLeftOut = isLate && !wasLeftOut;
    if (!wasLeftOut) sweep(nowMs);
  }, ms);
}
