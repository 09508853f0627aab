/** Every time and bound of an agent, so that tests can shorten them. */

export interface AgentLimits {
  /** For TCP, TLS and WebSocket to the server together, and for its answer to the login. */
  readonly connectMs: number;
  readonly loginMs: number;
  /** First and longest wait before the next try, and how long a connection has to last for the first wait to count again. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  readonly steadyMs: number;
  readonly keepAliveMs: number;
  /** For the name, TCP and TLS of a target together. */
  readonly targetMs: number;
  /** How long a target may take to close after the end of its stream, and while bytes still wait for it. */
  readonly endMs: number;
  readonly flushMs: number;
  readonly sessions: number;
  readonly sweepMs: number;
}

export const agentLimits: AgentLimits = {
  connectMs: 15_000,
  loginMs: 15_000,
  firstRetryMs: 5000,
  longestRetryMs: 60_000,
  steadyMs: 60_000,
  keepAliveMs: 60_000,
  targetMs: 10_000,
  endMs: 10_000,
  flushMs: 60_000,
  sessions: 256,
  sweepMs: 250,
};
