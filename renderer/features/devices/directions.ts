/**
 * Directions of a device. The hub counts from its own side: `received` from the device, `sent` to it. Pictures show
 * them as everywhere: → is towards the target, so to the device; ← is back.
 */
interface Ways<T> {
  readonly received: T;
  readonly sent: T;
}

/** In the terms of pipes, where `received` goes to the target. */
export const fromDevice = <T>({ received, sent }: Ways<T>): Ways<T> => ({ received: sent, sent: received });
