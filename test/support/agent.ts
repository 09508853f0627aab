/** Agents for tests, with short times; all of them stopped by `closeAll`. */
import { Agent, type AgentOptions } from '../../main/iotmp/agent.ts';
import type { AgentProfile, AgentView } from '../../shared/agent.ts';
import { silentLog } from './engine.ts';
import { onClose } from './sockets.ts';
import { waitFor } from './wait.ts';

/** As the hub of hub.ts knows it. */
const login = { user: 'alice', device: 'dev1' };
const secret = 's3cret-s3cret';

export const profileOf = (port: number, wish: Partial<AgentProfile> = {}): AgentProfile => ({
  agent: 'up',
  enabled: true,
  host: '127.0.0.1',
  port,
  transport: 'tcp',
  verify: 'system',
  ...login,
  allow: ['127.0.0.1:*'],
  ...wish,
});

export interface TestAgent {
  readonly agent: Agent;
  readonly logged: string[];
  /** Every state that it told. */
  readonly states: AgentView[];
  inState(state: AgentView['state']): Promise<AgentView>;
}

export function startAgent(
  port: number,
  wish: Partial<AgentProfile> = {},
  options: Partial<AgentOptions> = {},
): TestAgent {
  const logged: string[] = [];
  const states: AgentView[] = [];
  const note = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const agent: Agent = new Agent({
    profile: profileOf(port, wish),
    credentials: () => secret,
    version: '1.2.3',
    log: { ...silentLog, info: note, warn: note },
    onChanged: () => states.push(agent.view),
    ownerOf: () => undefined,
    ...options,
    limits: { firstRetryMs: 20, longestRetryMs: 80, sweepMs: 20, ...options.limits },
    linkLimits: { sweepMs: 10, ...options.linkLimits },
  });
  onClose(() => void agent.stop());
  const inState = (state: AgentView['state']): Promise<AgentView> =>
    waitFor(() => agent.view.state === state && agent.view, `the agent to be ${state}`);
  return { agent, logged, states, inState };
}
