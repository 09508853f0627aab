/** How what was sent of a plugin becomes what is stored. */
import type { Issue } from '../../shared/issue.ts';
import type { PluginChange, PluginInput, PluginProcess, PluginProfile, ProcessInput } from '../../shared/plugin.ts';
import { badRequest } from './bad-request.ts';

/** The stored form. What was left out keeps its present value, else gets its default. Throws BAD_REQUEST for what does not fit together. */
export function completePlugin(
  own: Pick<PluginProfile, 'user' | 'plugin' | 'created' | 'modified'>,
  sent: PluginInput | PluginChange,
  present?: PluginProfile,
): PluginProfile {
  const kind = sent.kind ?? (sent.process && 'process') ?? (sent.container && 'docker') ?? present?.kind ?? 'manual';
  const issues: Issue[] = [];
  if (kind === 'process' && !(sent.process ?? present?.process)) {
    issues.push({ path: 'process', message: 'A command is needed.' });
  }
  if (kind === 'docker' && !(sent.container ?? present?.container)) {
    issues.push({ path: 'container', message: 'A container name is needed.' });
  }
  if (kind !== 'process' && sent.process) issues.push({ path: 'process', message: misfit('process') });
  if (kind !== 'docker' && sent.container) issues.push({ path: 'container', message: misfit('docker') });
  if (issues.length > 0) throw badRequest(issues);
  const process = kind === 'process' ? completeProcess(sent.process, present?.process) : undefined;
  const container = kind === 'docker' ? (sent.container ?? present?.container) : undefined;
  return {
    user: own.user,
    plugin: own.plugin,
    name: sent.name || present?.name || own.plugin,
    description: sent.description ?? present?.description ?? '',
    category: sent.category ?? present?.category ?? '',
    kind,
    address: sent.address ?? present?.address ?? '127.0.0.1',
    port: sent.port ?? present?.port ?? 0,
    transport: sent.transport ?? present?.transport ?? 'tcp',
    ...(process && { process }),
    ...(container && { container }),
    offers: sent.offers ?? present?.offers ?? [],
    created: own.created,
    modified: own.modified,
  };
}

function completeProcess(
  sent: ProcessInput | undefined,
  present: PluginProcess | undefined,
): PluginProcess | undefined {
  if (!sent) return present;
  const { command, args = [], env = {}, secrets, cwd, restart, enabled } = sent;
  return {
    command,
    args,
    env,
    ...(cwd !== undefined && { cwd }),
    restart: restart ?? present?.restart ?? true,
    enabled: enabled ?? present?.enabled ?? true,
    secrets: secrets ? Object.keys(secrets) : (present?.secrets ?? []),
  };
}

const misfit = (kind: string): string => `Only a plugin of the kind "${kind}" has this; leave it out.`;
