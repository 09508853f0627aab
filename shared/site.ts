/** The site bundle: chosen parts of a gateway as one file, and how such a file compares with another gateway. */
import { z } from 'zod';
import { isSeen, UNSEEN } from './name.ts';

/** In the order in which they are applied. */
export const siteParts = ['certificates', 'plugins', 'devices', 'proxies', 'templates', 'settings', 'users'] as const;
export type SitePartName = (typeof siteParts)[number];

export const exportFormats = ['sluice', 'haproxy', 'nginx'] as const;
export const importFormats = ['sluice', 'thinger', 'plugin', 'frpc', 'nginx', 'haproxy', 'netsh'] as const;
export type ImportFormat = (typeof importFormats)[number];

/** What a bundle may leave open, asked for once when it is imported. */
export const placeholders = ['site', 'lan_ip', 'device'] as const;
export type Placeholder = (typeof placeholders)[number];

/** Of a file. What is sealed is compressed, so that this holds thousands of profiles. */
export const MAX_FILE_BYTES = 900 * 1024;
/** Of what is in a bundle once it is opened (S7). */
export const MAX_CONTENT_BYTES = 5 * 1024 * 1024;
/** Of one part. */
export const MAX_ITEMS = 10_000;
export const MAX_SIGNERS = 32;

const text = (max: number) =>
  z.string({ error: 'Use text.' }).max(max, `Use at most ${max} characters.`).refine(isSeen, UNSEEN);
const passphrase = z.string({ error: 'A passphrase is needed.' }).max(1024, 'Use at most 1024 characters.');
const part = z.enum(siteParts, { error: `Use one of: ${siteParts.join(', ')}.` });
const values = z.strictObject({ site: text(64), lan_ip: text(64), device: text(32) }).partial();
export type PlaceholderValues = z.infer<typeof values>;

export const siteExportInput = z
  .strictObject({
    /** Left out, all of them. Other formats hold proxies alone. */
    parts: z.array(part, { error: 'Use a list.' }).min(1, 'Choose at least one part.').max(siteParts.length).optional(),
    format: z.enum(exportFormats, { error: `Use one of: ${exportFormats.join(', ')}.` }).optional(),
    passphrase: passphrase.min(8, 'Use at least 8 characters.').optional(),
    /** Users with the hashes of their passwords; left out, without. */
    passwords: z.boolean({ error: 'Use true or false.' }).optional(),
    /** Where these stand in the parts, the bundle has a placeholder. */
    placeholders: values.optional(),
  })
  .refine(({ format = 'sluice', passphrase: given }) => format !== 'sluice' || given !== undefined, {
    path: ['passphrase'],
    message: 'A passphrase is needed.',
  });
export type SiteExportInput = z.infer<typeof siteExportInput>;

/** Who made a bundle. */
const signature = z.object({
  /** `AB:CD:…`, SHA-256 of the public key. */
  fingerprint: z.string(),
  /** The public key, base64. */
  key: z.string(),
  trust: z.enum(['own', 'trusted', 'unknown']),
  /** Under which name it is trusted. */
  name: z.string(),
});
export type BundleSignature = z.infer<typeof signature>;

export const siteExport = z.object({
  fileName: z.string(),
  content: z.string(),
  items: z.number(),
  /** What could not be said in this format. */
  notes: z.array(z.string()),
});
export type SiteExport = z.infer<typeof siteExport>;

/** `proxies:plc-web` */
const itemId = z.string().max(160);

export const siteImportInput = z.strictObject({
  /** The text of the file. */
  content: z
    .string({ error: 'A file is needed.' })
    .min(1, 'A file is needed.')
    .max(MAX_FILE_BYTES, 'The file is larger than 900 KiB.'),
  /** Left out, it is told by the content. */
  format: z.enum(importFormats, { error: `Use one of: ${importFormats.join(', ')}.` }).optional(),
  passphrase: passphrase.optional(),
  /** `replace` also removes what a part has here and not in the bundle. */
  mode: z.enum(['merge', 'replace'], { error: 'Use "merge" or "replace".' }).optional(),
  values: values.optional(),
  /** Items to apply; left out, all that can work here. */
  chosen: z
    .array(itemId, { error: 'Use a list.' })
    .max(siteParts.length * MAX_ITEMS)
    .optional(),
  /** The `comparison` that was seen: nothing is applied that nobody has looked at. */
  comparison: z.string().max(128).optional(),
});
export type SiteImportInput = z.infer<typeof siteImportInput>;

export const siteImportRequest = z.object({
  query: z.object({ dryRun: z.enum(['true', 'false'], { error: 'Use true or false.' }).default('true') }),
  body: siteImportInput,
});

const siteConcern = z.object({
  kind: z.enum(['port', 'address', 'plugin', 'device', 'certificate', 'ends', 'used', 'value', 'program', 'note']),
  message: z.string(),
  /** `forbids`: it cannot be applied. `warns`: it is left out unless it is chosen. `tells`: it is to be known. */
  weight: z.enum(['forbids', 'warns', 'tells']),
});
export type SiteConcern = z.infer<typeof siteConcern>;

const siteItem = z.object({
  id: itemId,
  part,
  name: z.string(),
  change: z.enum(['new', 'changed', 'same', 'removed']),
  /** Fields that differ, the first ones; sealed values are never shown. */
  fields: z.array(z.object({ path: z.string(), before: z.string(), after: z.string() })),
  concerns: z.array(siteConcern),
  /** Whether it is applied where nobody chooses. */
  chosen: z.boolean(),
});
export type SiteItemView = z.infer<typeof siteItem>;

export const siteComparison = z.object({
  /** To be sent with what is applied. */
  comparison: z.string(),
  format: z.enum(importFormats),
  /** Null for files of other programs. */
  signature: signature.nullable(),
  /** Name of the site that made it, and when, wall clock milliseconds. */
  site: z.string(),
  made: z.number().nullable(),
  items: z.array(siteItem),
  /** What of the file was not understood or has no place here. */
  leftOut: z.array(z.object({ where: z.string(), text: z.string(), reason: z.string() })),
  /** Placeholders that the file has, with what is proposed or was given; null where somebody has to say. */
  asks: z.array(z.object({ placeholder: z.enum(placeholders), value: z.string().nullable() })),
});
export type SiteComparison = z.infer<typeof siteComparison>;

export const siteApplied = z.object({
  added: z.number(),
  changed: z.number(),
  removed: z.number(),
  /** Of devices that are new here: shown this once. */
  credentials: z.array(z.object({ user: z.string(), device: z.string(), credentials: z.string() })),
});
export type SiteApplied = z.infer<typeof siteApplied>;

export const siteImportAnswer = z.object({ comparison: siteComparison, applied: siteApplied.nullable() });

/** The last import, as long as nothing was changed since. */
export const siteLastImport = z.object({
  /** Wall clock, milliseconds. */
  at: z.number(),
  by: z.string(),
  /** Name of the site that it came from. */
  site: z.string(),
  added: z.number(),
  changed: z.number(),
  removed: z.number(),
});
export type SiteLastImport = z.infer<typeof siteLastImport>;

const signerName = text(64).trim().min(1, 'A name is needed.');
/** 32 bytes of Ed25519. */
const publicKey = z
  .string({ error: 'A key is needed.' })
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'Use the public key of a site, 44 characters.');
export const signerInput = z.strictObject({ name: signerName, key: publicKey });
export type SignerInput = z.infer<typeof signerInput>;
export const signerView = z.object({ name: z.string(), key: z.string(), fingerprint: z.string() });
export type SignerView = z.infer<typeof signerView>;
export const signerList = z.object({ own: signerView.nullable(), trusted: z.array(signerView) });
export type SignerList = z.infer<typeof signerList>;
