/**
 * What the form holds, and how it becomes a profile and back. Texts stay as typed; what a protocol does not have stays
 * in memory but is not sent. Checked by the schema of the contract, so form, REST and command line refuse the same.
 */
import { type Issue, toIssues } from '../../../shared/issue.ts';
import {
  limitDefaults,
  type Protocol,
  type ProxyChange,
  type ProxyConfig,
  type ProxyInput,
  type ProxyProfile,
  proxyInput,
  transportsOf,
} from '../../../shared/proxy.ts';

export interface FormValues {
  name: string;
  proxy: string;
  description: string;
  enabled: boolean;
  protocol: Protocol;
  sourcePort: string;
  listenAddress: string;
  targetAddress: string;
  targetPort: string;
  /** Networks, one a line. */
  allow: string;
  /** Empty is no limit. */
  maxPipes: string;
  idleMinutes: string;
  halfClosedSeconds: string;
  connectSeconds: string;
  udpIdleSeconds: string;
}
export type FieldName = keyof FormValues;

/** Where each field lives in the profile. */
const paths: Record<FieldName, string> = {
  name: 'name',
  proxy: 'proxy',
  description: 'description',
  enabled: 'enabled',
  protocol: 'config.protocol',
  sourcePort: 'config.source.port',
  listenAddress: 'config.source.address',
  targetAddress: 'config.target.address',
  targetPort: 'config.target.port',
  allow: 'config.source.allow',
  maxPipes: 'config.limits.maxPipes',
  idleMinutes: 'config.limits.idleTimeoutMs',
  halfClosedSeconds: 'config.limits.halfClosedTimeoutMs',
  connectSeconds: 'config.limits.connectTimeoutMs',
  udpIdleSeconds: 'config.limits.udpIdleTimeoutMs',
};

/** In the order of the form. */
export const fieldNames = Object.keys(paths) as FieldName[];

/** Fields inside the part that is closed at first. */
export const limitFields: readonly FieldName[] = [
  'allow',
  'maxPipes',
  'idleMinutes',
  'halfClosedSeconds',
  'connectSeconds',
  'udpIdleSeconds',
];

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

export function newValues(defaultAddress: string): FormValues {
  return {
    name: '',
    proxy: '',
    description: '',
    enabled: true,
    protocol: 'tcp',
    sourcePort: '',
    listenAddress: defaultAddress,
    targetAddress: '',
    targetPort: '',
    ...limitValues({ maxPipes: 0 }),
    allow: '',
  };
}

export function toValues(
  profile: Pick<ProxyProfile, 'name' | 'proxy' | 'description' | 'enabled' | 'config'>,
): FormValues {
  const { config, ...rest } = profile;
  return {
    name: rest.name,
    proxy: rest.proxy,
    description: rest.description,
    enabled: rest.enabled,
    protocol: config.protocol,
    sourcePort: String(config.source.port),
    listenAddress: config.source.address,
    targetAddress: config.target.address,
    targetPort: String(config.target.port),
    ...limitValues(config.limits),
    allow: config.source.allow.join('\n'),
  };
}

function limitValues(limits: ProxyConfig['limits']) {
  const all = { ...limitDefaults, ...limits };
  return {
    maxPipes: all.maxPipes === 0 ? '' : String(all.maxPipes),
    idleMinutes: String(all.idleTimeoutMs / MINUTE_MS),
    halfClosedSeconds: String(all.halfClosedTimeoutMs / SECOND_MS),
    connectSeconds: String(all.connectTimeoutMs / SECOND_MS),
    udpIdleSeconds: String(all.udpIdleTimeoutMs / SECOND_MS),
  };
}

export function listedNetworks(allow: string): string[] {
  return allow.split(/[\s,;]+/).filter(Boolean);
}

/** A number as typed; anything else becomes NaN, which the schema refuses in its own words. */
const number = (text: string): number => (/^\s*\d+([.]\d+)?\s*$/.test(text) ? Number(text) : Number.NaN);
const ms = (text: string, unitMs: number): number => Math.round(number(text) * unitMs);

/** The body as it would be sent, not checked yet. */
function toBody(values: FormValues): unknown {
  const transports = transportsOf(values.protocol);
  return {
    proxy: values.proxy.trim(),
    name: values.name,
    description: values.description,
    enabled: values.enabled,
    config: {
      protocol: values.protocol,
      source: {
        port: number(values.sourcePort),
        address: values.listenAddress,
        allow: listedNetworks(values.allow),
      },
      target: { type: 'address', address: values.targetAddress.trim(), port: number(values.targetPort) },
      limits: {
        ...(transports.includes('tcp') && {
          idleTimeoutMs: ms(values.idleMinutes, MINUTE_MS),
          halfClosedTimeoutMs: ms(values.halfClosedSeconds, SECOND_MS),
          connectTimeoutMs: ms(values.connectSeconds, SECOND_MS),
        }),
        ...(transports.includes('udp') && { udpIdleTimeoutMs: ms(values.udpIdleSeconds, SECOND_MS) }),
        maxPipes: values.maxPipes.trim() === '' ? 0 : number(values.maxPipes),
      },
    },
  };
}

export type FieldErrors = Partial<Record<FieldName, string>>;

/** The body to send, or why each field is refused. */
export function checkValues(values: FormValues): { body: ProxyInput } | { errors: FieldErrors } {
  const result = proxyInput.safeParse(toBody(values));
  return result.success ? { body: result.data } : { errors: fieldErrors(toIssues(result.error.issues)) };
}

/** Refusals that name no field belong to one all the same. */
const fieldOfCode: Partial<Record<string, FieldName>> = {
  PROXY_EXISTS: 'proxy',
  PORT_IN_USE: 'sourcePort',
  PORT_NOT_ALLOWED: 'sourcePort',
  LISTEN_FAILED: 'sourcePort',
  NO_FREE_PORT: 'sourcePort',
  ADDRESS_GONE: 'listenAddress',
};

/** What the gateway refused, at the fields where it shows; empty where no field is to blame. */
export function refusedFields({
  code,
  message,
  issues,
}: {
  code: string;
  message: string;
  issues: readonly Issue[];
}): FieldErrors {
  const errors = fieldErrors(issues);
  const field = fieldOfCode[code];
  return field && Object.keys(errors).length === 0 ? { [field]: message } : errors;
}

/** Issues at the fields where they show; the first of each field. Issues of no field are left out. */
function fieldErrors(issues: readonly Issue[]): FieldErrors {
  const errors: FieldErrors = {};
  for (const { path, message } of issues) {
    const field = fieldNames.find((name) => path === paths[name] || path.startsWith(`${paths[name]}.`));
    if (field) errors[field] ??= message;
  }
  return errors;
}

/** The parts of an edited profile that were changed in the form; what others change meanwhile in the rest stays. */
export function changedParts(body: ProxyInput, dirty: Partial<Record<FieldName, unknown>>): ProxyChange {
  const { name, description, enabled, config } = body;
  const { name: isName, description: isDescription, enabled: isEnabled, proxy: _fixed, ...ofConfig } = dirty;
  return {
    ...(isName ? { name } : {}),
    ...(isDescription ? { description } : {}),
    ...(isEnabled ? { enabled } : {}),
    ...(Object.values(ofConfig).some(Boolean) ? { config } : {}),
  };
}
