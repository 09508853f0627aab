/** What a bundle holds, and its placeholders. Single items are checked by their parts. */
import { z } from 'zod';
import { isSeen } from '../../shared/name.ts';
import { MAX_ITEMS, type Placeholder, type PlaceholderValues, placeholders, siteParts } from '../../shared/site.ts';
import { Unreadable } from './unreadable.ts';

/** One thing of a part, as a bundle or a file of another program has it. Secrets are in plain here. */
export const sentItem = z.strictObject({
  value: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string().max(160), z.string().max(800_000)).default({}),
});
export type SentItem = z.infer<typeof sentItem>;

const items = z.array(sentItem).max(MAX_ITEMS);
export const bundleContent = z.strictObject({
  /** Name of the site, for people. */
  site: z.string().max(64).refine(isSeen),
  /** Wall clock, milliseconds. */
  made: z.number().min(0).max(8_640_000_000_000_000),
  /** Tells whether hashed credentials of devices mean something to the reader. */
  credentialsMark: z.string().max(64),
  parts: z.partialRecord(z.enum(siteParts), items),
});
export type BundleContent = z.infer<typeof bundleContent>;

/** Throws Unreadable. */
export function readContent(content: unknown): BundleContent {
  const { data, error } = bundleContent.safeParse(content);
  if (data) return data;
  const path = error.issues[0]?.path.map(String).join('.') ?? '';
  throw new Unreadable(`${path === '' ? 'what is in it' : `"${path.slice(0, 80)}"`} is not as it must be`);
}

const OPEN = /\{\{\s*(site|lan_ip|device)\s*\}\}/g;
/** Certificates are text that nobody may change. */
const untouched = new Set(['pem']);

/** Which placeholders stand in these items. */
export function placeholdersIn(sent: readonly SentItem[]): Placeholder[] {
  const found = new Set<string>();
  for (const { value } of sent) {
    mapped(value, (text) => {
      for (const [, name = ''] of text.matchAll(OPEN)) found.add(name);
      return text;
    });
  }
  return placeholders.filter((name) => found.has(name));
}

/** With these values in the place of placeholders; what has no value stays. */
export function filled({ value, secrets }: SentItem, values: PlaceholderValues): SentItem {
  const fill = (text: string) => text.replace(OPEN, (whole, name: Placeholder) => values[name] ?? whole);
  return { value: mapped(value, fill) as SentItem['value'], secrets };
}

/** With placeholders where these values stand as whole words. */
export function opened({ value, secrets }: SentItem, values: PlaceholderValues): SentItem {
  const wanted = placeholders.flatMap((name) => {
    const word = values[name];
    if (!word) return [];
    const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return [
      { name, pattern: new RegExp(`(?<![\\p{L}\\p{N}.:])${escaped}(?![\\p{L}\\p{N}]|[.:][\\p{L}\\p{N}])`, 'gu') },
    ];
  });
  const open = (text: string) => wanted.reduce((now, { name, pattern }) => now.replace(pattern, `{{${name}}}`), text);
  return { value: mapped(value, open) as SentItem['value'], secrets };
}

function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapped(one, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, untouched.has(key) ? one : mapped(one, change)]),
  );
}
