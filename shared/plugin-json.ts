/** `plugin.json` of Thinger.io's plugins: what of it describes a service of this PC, and the proxies that it brings. Pure. */
import { z } from 'zod';
import { isLoopback } from './address.ts';
import { toIssues } from './issue.ts';
import { isSeen, type PluginKey, withoutUnseen } from './name.ts';
import { type PluginInput, type PluginOffer, pluginInput } from './plugin.ts';
import { type ProxyInput, proxyInput } from './proxy.ts';

/** Nothing that is read lies deeper. */
const DEEPEST = 16;

const anything = z.record(z.string(), z.unknown());
const place = z.union([z.number(), z.string()]).optional();

/** Only what is read; the rest is let pass. Bodies of our own form have `plugin`, these have not. */
export const pluginJson = z.looseObject({
  plugin: z.never().optional(),
  name: z.string({ error: 'A plugin.json needs a name.' }),
  version: z.string({ error: 'A plugin.json needs a version.' }),
  description: z.string().optional(),
  metadata: z.looseObject({ name: z.string(), description: z.string(), category: z.string() }).partial().optional(),
  task: z.looseObject({ port: place }).optional(),
  interface: anything.optional(),
  resources: z.looseObject({ proxies: z.array(anything).max(32, 'Use at most 32 proxies.').optional() }).optional(),
});
export type PluginJson = z.infer<typeof pluginJson>;

/** Body of `POST /v1/users/{user}/plugins`: our own form, or a `plugin.json`. */
export const pluginBody = z.union([pluginInput, pluginJson]);

export const isPluginJson = (body: z.infer<typeof pluginBody>): body is PluginJson => body.plugin === undefined;

/** What is not checked yet: {@link pluginInput} has the words for what is wrong with it. */
export type UncheckedPlugin = Partial<PluginInput>;

const main = z.looseObject({ main: z.looseObject({ proxy_to: z.looseObject({ port: place }) }) });
const proxyTarget = z.looseObject({
  config: z.looseObject({ source: z.looseObject({ port: z.number() }), target: z.looseObject({ port: z.number() }) }),
});

/**
 * A service that is run by somebody else, on the port of its interface or of its task, with the proxies it offers.
 * Where it runs in a container, Sluice starts none: images, volumes and variables are not read.
 */
export function readPluginJson(json: PluginJson, user: string): UncheckedPlugin {
  const { name, version, metadata = {}, task, resources } = json;
  const words = {
    THINGER_HOST: 'localhost',
    THINGER_USER: user,
    THINGER_PLUGIN: name,
    THINGER_PLUGIN_VERSION: version,
  };
  const fill = (value: unknown) => filled(value, words);
  const face = main.safeParse(fill(json.interface)).data?.main.proxy_to.port;
  const found = portOf(face) ?? portOf(fill(task?.port));
  const proxies = (resources?.proxies ?? []).map(fill);
  const port = proxies.map((one) => beyond(one, found)).find((one) => one !== undefined) ?? found;
  const withPort = port === undefined ? words : { ...words, THINGER_HTTP_PORT: String(port) };
  return {
    plugin: name,
    name: line(metadata.name ?? name, 255),
    description: line(metadata.description ?? json.description ?? '', 255),
    category: line(metadata.category ?? '', 64),
    kind: 'manual',
    ...(port !== undefined && { port }),
    offers: proxies.map((one, index) => offerOf(filled(one, withPort), index, { user, plugin: name })),
  };
}

/** A proxy of the plugin's own may stand before the service: then the service is where that proxy leads to. */
function beyond(proxy: unknown, face: number | undefined): number | undefined {
  const { data } = proxyTarget.safeParse(proxy);
  return face !== undefined && data?.config.source.port === face ? data.config.target.port : undefined;
}

function offerOf(raw: unknown, index: number, key: PluginKey): PluginOffer {
  const said = z.looseObject({ proxy: z.string(), name: z.string() }).partial().safeParse(raw).data ?? {};
  const id = line(said.proxy ?? `${key.plugin}-${index + 1}`, 64);
  const offer = { id, name: line(said.name ?? id, 255) };
  const missing = /\{\{\w+\}\}|\$\{\w+\}/.exec(JSON.stringify(raw))?.[0];
  if (missing) return { ...offer, proxy: null, note: `It needs a value for ${line(missing, 64)} that Sluice has not.` };
  const checked = proxyInput.safeParse(raw);
  if (checked.success) return { ...offer, proxy: checked.data, note: noteOf(checked.data) };
  const plain = proxyInput.safeParse(withoutTls(raw));
  if (plain.success) return { ...offer, proxy: plain.data, note: 'Its SSL/TLS is left out.' };
  const [issue] = toIssues(plain.error.issues);
  return { ...offer, proxy: null, note: issue ? `${issue.path}: ${issue.message}` : 'It cannot be used.' };
}

/** In a container the service has its port to itself; on this PC it shares the ports with the proxy before it. */
function noteOf({ config: { source, target } }: ProxyInput): string {
  const isHere = target.type === 'plugin' || target.address === 'localhost' || isLoopback(target.address);
  return isHere && source.port === target.port
    ? `The service itself has port ${source.port}: choose another source port.`
    : '';
}

/** SSL/TLS of this PC's own legs is not part of this version; whoever takes the offer is told. */
function withoutTls(raw: unknown): unknown {
  return JSON.parse(JSON.stringify(raw, (key, value: unknown) => (key === 'secure' && value === true ? false : value)));
}

/** Fills in `{{NAME}}` and `${NAME}` wherever they stand; a number that is all of the text becomes one. */
function filled(value: unknown, words: Readonly<Record<string, string>>, depth = 0): unknown {
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.map((one) => filled(one, words, depth + 1));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, words, depth + 1)]));
  }
  if (typeof value !== 'string') return value;
  const text = value.replace(/\{\{\s*(\w+)\s*\}\}|\$\{(\w+)\}/g, (whole, braces?: string, dollar?: string) => {
    const word = braces ?? dollar ?? '';
    return Object.hasOwn(words, word) ? (words[word] ?? whole) : whole;
  });
  return text !== value && /^\d{1,5}$/.test(text) ? Number(text) : text;
}

function portOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 65_536 ? number : undefined;
}

/** Foreign text as one line that fits. */
function line(text: string, most: number): string {
  const seen = isSeen(text) ? text : withoutUnseen(text.replace(/\s+/g, ' '));
  return [...seen.trim()].slice(0, most).join('').trim();
}
