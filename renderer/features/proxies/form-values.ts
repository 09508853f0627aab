/**
 * What the form holds, and how it becomes a profile and back. Texts stay as typed; what a protocol does not have stays
 * in memory but is not sent. Checked by the schema of the contract, so form, REST and command line refuse the same.
 */
import { type Issue, toIssues } from '../../../shared/issue.ts';
import {
  defaultLimit,
  deviceOf,
  isThroughDevice,
  type LimitName,
  type Protocol,
  type ProxyChange,
  type ProxyConfig,
  type ProxyInput,
  type ProxyProfile,
  type ProxyTarget,
  pluginOf,
  proxyInput,
  transportsOf,
} from '../../../shared/proxy.ts';
import { type Schedule, weekDays } from '../../../shared/schedule.ts';
import { tagsOf } from '../../../shared/tag.ts';
import type { TemplateSettings } from '../../../shared/template.ts';

export interface FormValues {
  name: string;
  proxy: string;
  description: string;
  enabled: boolean;
  /** With spaces between. */
  tags: string;
  protocol: Protocol;
  /** May be empty for a portal, which needs no port. */
  sourcePort: string;
  listenAddress: string;
  /** TLS with clients. */
  sourceSecure: boolean;
  /** Empty is the one made for this gateway. */
  sourceCertificate: string;
  /** CA of which clients must show a certificate; empty asks for none. */
  sourceClientCa: string;
  /** What the target is; with a device it is always an address. */
  targetType: ProxyTarget['type'];
  /** Account of the plugin, or of the device that the target is reached through. */
  targetUser: string;
  targetDevice: string;
  targetPlugin: string;
  targetAddress: string;
  targetPort: string;
  /** TLS to the target; made by the device where there is one. */
  targetSecure: boolean;
  /** `system`, `ca:<certificate>` or `pin:<fingerprint>`. */
  targetVerify: string;
  /** Empty is its address. */
  targetServerName: string;
  /** Client certificate shown to it; empty is none. */
  targetCertificate: string;
  targetOldTls: boolean;
  /** Empty is the name of the proxy. */
  portalName: string;
  portalPath: string;
  /** Empty is the address of the target. */
  portalHost: string;
  /** Whether the page of the device has a tab for it. */
  portalTab: boolean;
  /** Networks, one a line. */
  allow: string;
  /** Empty is no limit. */
  maxPipes: string;
  idleMinutes: string;
  halfClosedSeconds: string;
  connectSeconds: string;
  lingerSeconds: string;
  udpIdleSeconds: string;
  /** Whether hours of the week open it, which stay in memory while they do not. */
  hasSchedule: boolean;
  /** With spaces between, as {@link Day}. */
  scheduleDays: string;
  scheduleFrom: string;
  scheduleTo: string;
}
export type FieldName = keyof FormValues;

/** Where each field lives in the profile. */
const paths: Record<FieldName, string> = {
  name: 'name',
  proxy: 'proxy',
  description: 'description',
  enabled: 'enabled',
  tags: 'tags',
  protocol: 'config.protocol',
  sourcePort: 'config.source.port',
  listenAddress: 'config.source.address',
  sourceSecure: 'config.source.secure',
  sourceCertificate: 'config.source.certificate',
  sourceClientCa: 'config.source.clientCa',
  targetType: 'config.target.type',
  targetUser: 'config.target.user',
  targetDevice: 'config.target.device',
  targetPlugin: 'config.target.plugin',
  targetAddress: 'config.target.address',
  targetPort: 'config.target.port',
  targetSecure: 'config.target.secure',
  targetVerify: 'config.target.verify',
  targetServerName: 'config.target.serverName',
  targetCertificate: 'config.target.certificate',
  targetOldTls: 'config.target.oldTls',
  portalName: 'config.portal.name',
  portalPath: 'config.portal.path',
  portalHost: 'config.portal.hostHeader',
  portalTab: 'config.portal.tab',
  allow: 'config.source.allow',
  maxPipes: 'config.limits.maxPipes',
  idleMinutes: 'config.limits.idleTimeoutMs',
  halfClosedSeconds: 'config.limits.halfClosedTimeoutMs',
  connectSeconds: 'config.limits.connectTimeoutMs',
  lingerSeconds: 'config.limits.lingerMs',
  udpIdleSeconds: 'config.limits.udpIdleTimeoutMs',
  scheduleDays: 'schedule.days',
  scheduleFrom: 'schedule.from',
  scheduleTo: 'schedule.to',
  hasSchedule: 'schedule',
};

/** In the order of the form. */
export const fieldNames = Object.keys(paths) as FieldName[];

/** Fields inside the parts that are closed at first. */
export const scheduleFields: readonly FieldName[] = ['scheduleDays', 'scheduleFrom', 'scheduleTo'];
export const limitFields: readonly FieldName[] = [
  'allow',
  'maxPipes',
  'idleMinutes',
  'halfClosedSeconds',
  'connectSeconds',
  'lingerSeconds',
  'udpIdleSeconds',
];

/** What a template says in place of what a new proxy has; the place of the target is left to the person. */
export function templateValues({ protocol, sourcePort, targetPort, targetSecure, limits, tags }: TemplateSettings) {
  return {
    protocol,
    ...(sourcePort !== undefined && { sourcePort: String(sourcePort) }),
    targetPort: String(targetPort),
    targetSecure: targetSecure ?? false,
    ...limitValues(protocol, { maxPipes: 0, ...limits }),
    ...(tags && { tags: tags.join(' ') }),
  };
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

/** @param account  the account that devices and plugins are looked for in */
export function newValues(defaultAddress: string, account: string): FormValues {
  return {
    name: '',
    proxy: '',
    description: '',
    enabled: true,
    protocol: 'tcp',
    sourcePort: '',
    listenAddress: defaultAddress,
    targetType: 'address',
    targetUser: account,
    targetDevice: '',
    targetPlugin: '',
    targetAddress: '',
    targetPort: '',
    targetSecure: false,
    ...tlsValues(),
    ...portalValues(),
    ...limitValues('tcp', { maxPipes: 0 }),
    allow: '',
    tags: '',
    ...scheduleValues(),
  };
}

export function toValues(
  profile: Pick<ProxyProfile, 'name' | 'proxy' | 'description' | 'enabled' | 'tags' | 'schedule' | 'config'>,
  account: string,
): FormValues {
  const { config, ...rest } = profile;
  return {
    name: rest.name,
    proxy: rest.proxy,
    description: rest.description,
    enabled: rest.enabled,
    protocol: config.protocol,
    sourcePort: String(config.source.port ?? ''),
    listenAddress: config.source.address,
    targetType: config.target.type,
    targetUser: config.target.user ?? account,
    targetDevice: deviceOf(config)?.device ?? '',
    targetPlugin: pluginOf(config)?.plugin ?? '',
    targetAddress: config.target.type === 'address' ? config.target.address : '',
    targetPort: String(config.target.port),
    targetSecure: config.target.secure ?? false,
    ...tlsValues(config),
    ...portalValues(config.portal),
    ...limitValues(config.protocol, config.limits),
    allow: config.source.allow.join('\n'),
    tags: (rest.tags ?? []).join(' '),
    ...scheduleValues(rest.schedule),
  };
}

function scheduleValues(schedule?: Schedule) {
  return {
    hasSchedule: schedule !== undefined,
    scheduleDays: (schedule?.days ?? weekDays.slice(0, 5)).join(' '),
    scheduleFrom: schedule?.from ?? '08:00',
    scheduleTo: schedule?.to ?? '17:00',
  };
}

/** The hours as they stand in the form, not checked yet. */
export const scheduleOf = (values: Pick<FormValues, 'scheduleDays' | 'scheduleFrom' | 'scheduleTo'>) => ({
  days: weekDays.filter((day) => values.scheduleDays.split(' ').includes(day)),
  from: timeOf(values.scheduleFrom),
  to: timeOf(values.scheduleTo),
});

/** `9:00` → `09:00`; anything else stays, for the schema to refuse. */
const timeOf = (text: string): string => text.trim().replace(/^(\d)[:.](\d\d)$/, '0$1:$2');

function tlsValues(config?: ProxyConfig) {
  return {
    sourceSecure: config?.source.secure ?? false,
    sourceCertificate: config?.source.certificate ?? '',
    sourceClientCa: config?.source.clientCa ?? '',
    targetVerify: config?.target.verify ?? 'system',
    targetServerName: config?.target.serverName ?? '',
    targetCertificate: config?.target.certificate ?? '',
    targetOldTls: config?.target.oldTls ?? false,
  };
}

function portalValues(portal?: ProxyConfig['portal']) {
  return {
    portalName: portal?.name ?? '',
    portalPath: portal?.path ?? '/',
    portalHost: portal?.hostHeader ?? '',
    portalTab: portal?.tab ?? true,
  };
}

function limitValues(protocol: Protocol, limits: ProxyConfig['limits']) {
  const text = (name: LimitName, unitMs: number): string =>
    String((limits[name] ?? defaultLimit(name, protocol)) / unitMs);
  return {
    maxPipes: limits.maxPipes === 0 ? '' : String(limits.maxPipes),
    idleMinutes: text('idleTimeoutMs', MINUTE_MS),
    halfClosedSeconds: text('halfClosedTimeoutMs', SECOND_MS),
    connectSeconds: text('connectTimeoutMs', SECOND_MS),
    lingerSeconds: text('lingerMs', SECOND_MS),
    udpIdleSeconds: text('udpIdleTimeoutMs', SECOND_MS),
  };
}

/** The time to reach a target that a protocol has by itself, as the form shows it. */
export const connectSecondsOf = (protocol: Protocol): string =>
  String(defaultLimit('connectTimeoutMs', protocol) / SECOND_MS);

export function listedNetworks(allow: string): string[] {
  return allow.split(/[\s,;]+/).filter(Boolean);
}

/** A number as typed; anything else becomes NaN, which the schema refuses in its own words. */
const number = (text: string): number => (/^\s*\d+([.]\d+)?\s*$/.test(text) ? Number(text) : Number.NaN);
const ms = (text: string, unitMs: number): number => Math.round(number(text) * unitMs);

/** A portal alone may do without a port of its own. */
export const hasNoPort = ({ protocol, sourcePort }: Pick<FormValues, 'protocol' | 'sourcePort'>): boolean =>
  protocol === 'http_iotmp' && sourcePort.trim() === '';

/** The body as it would be sent, not checked yet. */
function toBody(values: FormValues): unknown {
  const transports = transportsOf(values.protocol);
  const hasDevice = isThroughDevice(values.protocol);
  const portalName = values.portalName.trim();
  const hostHeader = values.portalHost.trim();
  return {
    proxy: values.proxy.trim(),
    name: values.name,
    description: values.description,
    enabled: values.enabled,
    tags: tagsOf(values.tags),
    schedule: values.hasSchedule ? scheduleOf(values) : null,
    config: {
      protocol: values.protocol,
      source: {
        ...(!hasNoPort(values) && { port: number(values.sourcePort) }),
        address: values.listenAddress,
        allow: listedNetworks(values.allow),
        ...sourceTlsOf(values),
      },
      target: targetOf(values),
      ...(values.protocol === 'http_iotmp' && {
        portal: {
          ...(portalName !== '' && { name: portalName }),
          path: values.portalPath.trim() || '/',
          ...(hostHeader !== '' && { hostHeader }),
          tab: values.portalTab,
        },
      }),
      limits: {
        ...(transports.includes('tcp') && {
          idleTimeoutMs: ms(values.idleMinutes, MINUTE_MS),
          halfClosedTimeoutMs: ms(values.halfClosedSeconds, SECOND_MS),
          connectTimeoutMs: ms(values.connectSeconds, SECOND_MS),
        }),
        ...(hasDevice && { lingerMs: ms(values.lingerSeconds, SECOND_MS) }),
        ...(transports.includes('udp') && { udpIdleTimeoutMs: ms(values.udpIdleSeconds, SECOND_MS) }),
        maxPipes: values.maxPipes.trim() === '' ? 0 : number(values.maxPipes),
      },
    },
  };
}

/** Whether clients may be asked for TLS: over TCP, on a port. */
export const hasSourceTls = (values: Pick<FormValues, 'protocol' | 'sourcePort'>): boolean =>
  transportsOf(values.protocol).every((transport) => transport === 'tcp') && !hasNoPort(values);

/** Whether TLS to the target is made here. */
export const hasTargetTls = ({ protocol }: Pick<FormValues, 'protocol'>): boolean => protocol === 'tcp';

/** Null takes away what was there before. */
const orNull = (text: string): string | null => text.trim() || null;

function sourceTlsOf(values: FormValues): object {
  if (!hasSourceTls(values)) return {};
  if (!values.sourceSecure) return { secure: false };
  return {
    secure: true,
    certificate: orNull(values.sourceCertificate),
    clientCa: orNull(values.sourceClientCa),
  };
}

function targetTlsOf(values: FormValues): object {
  if (!hasTargetTls(values)) return {};
  if (!values.targetSecure) return { secure: false };
  const { targetVerify: verify } = values;
  return {
    secure: true,
    verify: verify === 'system' ? null : verify,
    serverName: orNull(values.targetServerName),
    certificate: orNull(values.targetCertificate),
    oldTls: values.targetOldTls,
  };
}

/** Whether the target is a plugin: only without a device in between. */
export const leadsToPlugin = ({ protocol, targetType }: Pick<FormValues, 'protocol' | 'targetType'>): boolean =>
  targetType === 'plugin' && !isThroughDevice(protocol);

function targetOf(values: FormValues): unknown {
  const user = values.targetUser.trim();
  const port = number(values.targetPort);
  if (leadsToPlugin(values))
    return { type: 'plugin', user, plugin: values.targetPlugin.trim(), port, ...targetTlsOf(values) };
  return {
    type: 'address',
    ...(isThroughDevice(values.protocol) && {
      user,
      device: values.targetDevice.trim(),
      secure: values.targetSecure,
    }),
    address: values.targetAddress.trim(),
    port,
    ...targetTlsOf(values),
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
  PORT_RESERVED: 'sourcePort',
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
  const { name: isName, description: isDescription, enabled: isEnabled, tags: isTags, proxy: _fixed, ...more } = dirty;
  const { hasSchedule, scheduleDays, scheduleFrom, scheduleTo, ...ofConfig } = more;
  const isSchedule = [hasSchedule, scheduleDays, scheduleFrom, scheduleTo].some(Boolean);
  return {
    ...(isName ? { name } : {}),
    ...(isDescription ? { description } : {}),
    ...(isEnabled ? { enabled } : {}),
    ...(isTags ? { tags: body.tags } : {}),
    ...(isSchedule ? { schedule: body.schedule } : {}),
    ...(Object.values(ofConfig).some(Boolean) ? { config } : {}),
  };
}
