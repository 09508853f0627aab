/** What people do to upstream connections. The list of them is sent whole; credentials that are left out stay. */
import type { AgentInput } from '../../../shared/agent.ts';
import { useCall, useReader } from '../../api/use-gateway.ts';

/** Changes the list as it is at that moment. */
export function useChangeAgents(options: { readonly showsFailure?: boolean } = {}) {
  const read = useReader();
  return useCall(
    (client, change: (agents: readonly AgentInput[]) => readonly AgentInput[]) =>
      client.settings.update({ agents: [...change(read().settings?.agents ?? [])] }),
    options,
  );
}

/** With `change` made to one entry. */
export function changedAgent(agent: string, change: Partial<AgentInput>) {
  return (agents: readonly AgentInput[]): readonly AgentInput[] =>
    agents.map((one) => (one.agent === agent ? { ...one, ...change } : one));
}

/** With `entry` in the place of `before`, or at the end. */
export function placedAgent(before: string | undefined, entry: AgentInput) {
  return (agents: readonly AgentInput[]): readonly AgentInput[] =>
    agents.some(({ agent }) => agent === before)
      ? agents.map((one) => (one.agent === before ? entry : one))
      : [...agents, entry];
}
