/**
 * What the form of an upstream connection holds, and how it becomes an entry of the settings and back. Credentials go
 * in and never come out: an empty field keeps what is stored.
 */
import { type AgentInput, type AgentSetting, agentInput, iotmpPorts } from '../../../shared/agent.ts';
import type { DeviceTransport } from '../../../shared/device.ts';
import { type Issue, toIssues } from '../../../shared/issue.ts';

export interface AgentValues {
  agent: string;
  enabled: boolean;
  host: string;
  port: string;
  transport: DeviceTransport;
  isPinned: boolean;
  /** `AB:CD:…` or the same without colons. */
  pin: string;
  user: string;
  device: string;
  credentials: string;
  /** One a line. */
  allow: string;
}
export type AgentField = keyof AgentValues;

/** Where each field lives in the entry. The pin is a part of `verify`. */
const paths: Record<AgentField, string> = {
  agent: 'agent',
  enabled: 'enabled',
  host: 'host',
  port: 'port',
  transport: 'transport',
  isPinned: '',
  pin: 'verify',
  user: 'user',
  device: 'device',
  credentials: 'credentials',
  allow: 'allow',
};

/** In the order of the form. */
export const agentFields = Object.keys(paths) as AgentField[];

export const newAgent: AgentValues = {
  agent: '',
  enabled: true,
  host: '',
  port: String(iotmpPorts.tls),
  transport: 'tls',
  isPinned: false,
  pin: '',
  user: '',
  device: '',
  credentials: '',
  allow: '',
};

export function toAgentValues({ verify, port, allow, hasCredentials: _, ...rest }: AgentSetting): AgentValues {
  const isPinned = verify.startsWith('pin:');
  return {
    ...rest,
    port: String(port),
    isPinned,
    pin: isPinned ? verify.slice('pin:'.length) : '',
    credentials: '',
    allow: allow.join('\n'),
  };
}

export type AgentErrors = Partial<Record<AgentField, string>>;

/** The entry to send, or why each field is refused. */
export function checkAgent(
  values: AgentValues,
  options: { readonly hasCredentials: boolean; readonly taken: readonly string[] },
): { entry: AgentInput } | { errors: AgentErrors } {
  const { agent, enabled, host, port, transport, isPinned, pin, user, device, credentials, allow } = values;
  const result = agentInput.safeParse({
    agent: agent.trim(),
    enabled,
    host: host.trim(),
    port: /^\s*\d+\s*$/.test(port) ? Number(port) : Number.NaN,
    transport,
    verify: isPinned && transport !== 'tcp' ? `pin:${pin.trim()}` : 'system',
    user: user.trim(),
    device: device.trim(),
    ...(credentials !== '' || !options.hasCredentials ? { credentials } : {}),
    allow: allow.split(/[\s,;]+/).filter(Boolean),
  });
  const errors: AgentErrors = result.success ? {} : errorsAt(toIssues(result.error.issues));
  if (errors.pin) errors.pin = 'Use the SHA-256 fingerprint: 64 hexadecimal digits, with or without colons.';
  if (options.taken.includes(agent.trim())) errors.agent ??= 'This ID is taken by another upstream connection.';
  return result.success && !errors.agent ? { entry: result.data } : { errors };
}

/** Refusals of the whole list at the fields of the entry that was sent at `index`. */
export function refusedAgent(issues: readonly Issue[], index: number): AgentErrors {
  const prefix = `agents.${index}.`;
  return errorsAt(
    issues.flatMap(({ path, message }) =>
      path.startsWith(prefix) ? [{ path: path.slice(prefix.length), message }] : [],
    ),
  );
}

function errorsAt(issues: readonly Issue[]): AgentErrors {
  const errors: AgentErrors = {};
  for (const { path, message } of issues) {
    const field = agentFields.find((name) => path === paths[name] || path.startsWith(`${paths[name]}.`));
    if (field) errors[field] ??= message;
  }
  return errors;
}
