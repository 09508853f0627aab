/** Every time and bound of the hub, so that tests can shorten them. */

export interface HubLimits {
  /** For TLS, and for the first byte of it. */
  readonly handshakeMs: number;
  /** For CONNECT, once the bytes are plain. */
  readonly loginMs: number;
  /** What a stranger may send. */
  readonly loginBytes: number;
  /** TLS handshakes under way at the same time; the others wait. */
  readonly handshakes: number;
  /** Connections without a login: of one address, and of all. */
  readonly strangersPerAddress: number;
  readonly strangers: number;
  /** A handshake this old makes room for one that waits. */
  readonly slowHandshakeMs: number;
  /** Wrong tries before a name at an address has to wait, and how long at first and at most. */
  readonly freeMisses: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** How long a refused connection stays open, at random between the two. */
  readonly refusalMs: readonly [from: number, to: number];
  readonly keepAliveMs: number;
  readonly leastKeepAliveMs: number;
  readonly longestKeepAliveMs: number;
  /** How often a device may be replaced by a newer login within a minute, and how long the next one waits then. */
  readonly takeoversPerMinute: number;
  readonly takeoverHoldMs: number;
  /** Requests of a device in a second. */
  readonly requestsPerSecond: number;
  readonly describeMs: number;
  /** First and longest wait before a port is tried again. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}

export const hubLimits: HubLimits = {
  handshakeMs: 10_000,
  loginMs: 10_000,
  loginBytes: 16 * 1024,
  handshakes: 64,
  strangersPerAddress: 32,
  strangers: 1024,
  slowHandshakeMs: 1000,
  freeMisses: 5,
  firstDelayMs: 1000,
  longestDelayMs: 60_000,
  refusalMs: [200, 1000],
  keepAliveMs: 60_000,
  leastKeepAliveMs: 5000,
  longestKeepAliveMs: 1_800_000,
  takeoversPerMinute: 5,
  takeoverHoldMs: 60_000,
  requestsPerSecond: 500,
  describeMs: 10_000,
  firstRetryMs: 1000,
  longestRetryMs: 30_000,
};
