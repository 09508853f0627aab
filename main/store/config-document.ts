/** The text form of the configuration: pretty JSON with a checksum. What is damaged or invalid is never let in. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type CertificateProfile, certificateProfile } from '../../shared/certificate.ts';
import { type DeviceProfile, deviceLabel, deviceProfile } from '../../shared/device.ts';
import { SluiceError } from '../../shared/errors.ts';
import { pluginLabel } from '../../shared/name.ts';
import { type PluginProfile, pluginProfile } from '../../shared/plugin.ts';
import { type ProxyProfile, proxyProfile } from '../../shared/proxy.ts';
import { type Settings, settings } from '../../shared/settings.ts';
import { type OwnTemplate, ownTemplate } from '../../shared/template.ts';
import { type Migration, migrate, newestSchema, type RawDocument } from './migrations.ts';

/** All that is configured. */
export interface StoredConfig {
  readonly proxies: readonly ProxyProfile[];
  readonly devices: readonly DeviceProfile[];
  readonly plugins: readonly PluginProfile[];
  readonly certificates: readonly CertificateProfile[];
  /** Left out where the site has none. */
  readonly templates?: readonly OwnTemplate[] | undefined;
  readonly settings: Settings;
}

/** What config.json and its generations hold besides the checksum. `savedAt` is ISO 8601 in UTC. */
export interface ConfigDocument extends StoredConfig {
  readonly schema: number;
  readonly savedAt: string;
}

/** A text that is good, what it says in the newest schema, and the schema that it was written in. */
export interface DecodedDocument {
  readonly text: string;
  readonly document: ConfigDocument;
  readonly writtenSchema: number;
}

const seal = z.looseObject({ schema: z.int().min(1), checksum: z.string() });

const content = z.object({
  savedAt: z.iso.datetime(),
  settings,
  proxies: z
    .array(proxyProfile)
    .refine((list) => new Set(list.map(({ proxy }) => proxy)).size === list.length, 'Two proxies have the same ID.'),
  devices: z
    .array(deviceProfile)
    .refine((list) => new Set(list.map(deviceLabel)).size === list.length, 'Two devices have the same name.'),
  plugins: z
    .array(pluginProfile)
    .refine((list) => new Set(list.map(pluginLabel)).size === list.length, 'Two plugins have the same name.'),
  certificates: z
    .array(certificateProfile)
    .refine(
      (list) => new Set(list.map(({ certificate }) => certificate)).size === list.length,
      'Two certificates have the same ID.',
    ),
  templates: z
    .array(ownTemplate)
    .refine(
      (list) => new Set(list.map(({ template }) => template)).size === list.length,
      'Two templates have the same ID.',
    )
    .optional(),
});

/**
 * `sha256-` and the digest in base64 of the document without its checksum, keys sorted, no spaces.
 * Every schema to come must keep this rule: an older Sluice tells a newer file from a damaged one by it.
 */
export function checksumOf(document: RawDocument): string {
  const canonical = JSON.stringify(document, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return `sha256-${createHash('sha256').update(canonical).digest('base64')}`;
}

export function encodeDocument(given: ConfigDocument): string {
  const { schema, savedAt, settings, proxies, devices, plugins, certificates, templates } = given;
  const document = { savedAt, settings, proxies, devices, plugins, certificates, ...(templates && { templates }) };
  const checksum = checksumOf({ schema, ...document });
  return `${JSON.stringify({ schema, checksum, ...document }, null, 2)}\n`;
}

/**
 * Reads what {@link encodeDocument} wrote, now or in an earlier version.
 * @throws SluiceError `CONFIG_NEWER` for an intact text of a schema to come; any other error means damaged
 */
export function decodeDocument(text: string, steps: readonly Migration[]): DecodedDocument {
  const { checksum, ...document } = seal.parse(JSON.parse(text));
  if (checksum !== checksumOf(document)) throw new Error('The checksum does not match.');
  const schema = newestSchema(steps);
  if (document.schema > schema) throw new SluiceError('CONFIG_NEWER', { schema: document.schema });
  const current = content.parse(migrate(document, document.schema, steps));
  return { text, document: { schema, ...current }, writtenSchema: document.schema };
}

/** What this version understands of a configuration that a newer one wrote. */
export interface KnownPart {
  readonly config: StoredConfig;
  readonly schema: number;
  /** Entries that it does not understand, as `proxies/plc`. */
  readonly leftOut: readonly string[];
}

/** Undefined where the text is damaged, or where not even its settings are understood. */
export function knownPartOf(text: string): KnownPart | undefined {
  const { checksum, ...document } = seal.parse(JSON.parse(text));
  const settings = content.shape.settings.safeParse(document.settings);
  if (checksum !== checksumOf(document) || !settings.success) return undefined;
  const leftOut: string[] = [];
  const entries = <T>(list: string, schema: z.ZodType<T>, idOf: (entry: T) => string): T[] => {
    const known = new Map<string, T>();
    const given = document[list];
    for (const [index, one] of Array.isArray(given) ? given.entries() : []) {
      const entry = schema.safeParse(one);
      if (entry.success) known.set(idOf(entry.data), entry.data);
      else leftOut.push(`${list}/${index}`);
    }
    return [...known.values()];
  };
  const config = {
    settings: settings.data,
    proxies: entries('proxies', proxyProfile, ({ proxy }) => proxy),
    devices: entries('devices', deviceProfile, deviceLabel),
    plugins: entries('plugins', pluginProfile, pluginLabel),
    certificates: entries('certificates', certificateProfile, ({ certificate }) => certificate),
    templates: entries('templates', ownTemplate, ({ template }) => template),
  };
  return { config, schema: document.schema, leftOut };
}

/** A frozen copy. */
export function snapshot({ settings, proxies, devices, plugins, certificates, templates }: StoredConfig): StoredConfig {
  const config = { settings, proxies, devices, plugins, certificates, ...(templates && { templates }) };
  return deepFreeze(structuredClone(config));
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (part !== null && typeof part === 'object') deepFreeze(part);
  }
  return Object.freeze(value);
}
