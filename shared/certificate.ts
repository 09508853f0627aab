/** Certificates of the desk: what people may send, and what is shown of each. Private keys are never part of a view. */
import { z } from 'zod';
import { isHostName, isIpAddress } from './address.ts';
import { isSeen, UNSEEN } from './name.ts';
import { certificateId } from './tls.ts';

/** What a certificate is for. `trusted` is a CA whose certificates targets may show; `request` waits to be signed. */
export const certificateKinds = ['ca', 'server', 'client', 'trusted', 'request'] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** Where it came from. `signed_request`: a request made here that another CA signed. `hub`: shown only. */
export const certificateOrigins = ['issued', 'imported', 'signed_request', 'hub'] as const;
export type CertificateOrigin = (typeof certificateOrigins)[number];

export const certificateStates = ['good', 'ends_soon', 'ended', 'not_yet', 'waiting'] as const;
export type CertificateState = (typeof certificateStates)[number];

/** IDs that the desk gives itself: its own CA, and what a source shows where nothing else is chosen. */
export const LOCAL_CA = 'local-ca';
export const GATEWAY_CERTIFICATE = 'gateway';
/** Stands for the certificate of the hub, which is kept elsewhere and shown only. */
export const HUB_CERTIFICATE = 'hub';

export const MAX_CERTIFICATES = 256;
/** Of a file to import, before it is written as base64. */
export const MAX_IMPORT_BYTES = 512 * 1024;
/** Days before the end at which people are told. */
export const WARNING_DAYS = [30, 14, 3] as const;

const name = z
  .string({ error: 'Use text.' })
  .trim()
  .min(1, 'A name is needed.')
  .max(64, 'Use at most 64 characters.')
  .refine(isSeen, UNSEEN);
const purpose = z.enum(['server', 'client'], { error: 'Use "server" or "client".' });
/** Host names and addresses that it is valid for. */
const names = z
  .array(
    z
      .string({ error: 'Use text.' })
      .refine((text) => isHostName(text) || isIpAddress(text), 'Use a host name or an IP address.'),
    { error: 'Use a list.' },
  )
  .max(64, 'Use at most 64 names.');
const days = z.int({ error: 'Use a whole number of days.' }).min(1, 'Use at least 1 day.').max(825, 'Use at most 825.');

const wanted = z.strictObject({ certificate: certificateId, name, kind: purpose, names: names.optional() });
type Wanted = z.infer<typeof wanted>;
const needsNames = ({ kind, names: given }: Wanted): boolean => kind === 'client' || (given?.length ?? 0) > 0;
const NAMES_NEEDED = { path: ['names'], message: 'A server certificate needs a name or an address.' };

/** A certificate that the local CA is to issue. */
export const certificateIssue = wanted.extend({ days: days.optional() }).refine(needsNames, NAMES_NEEDED);
export type CertificateIssue = z.infer<typeof certificateIssue>;

/** A request that another CA is to sign; its key stays here. */
export const certificateRequest = wanted.refine(needsNames, NAMES_NEEDED);
export type CertificateRequest = z.infer<typeof certificateRequest>;

/** Longest text of a file: base64 is a third longer than its bytes. */
const MAX_TEXT = Math.ceil(MAX_IMPORT_BYTES * 1.4);
const fileText = z
  .string({ error: 'Use text.' })
  .min(1, 'A file is needed.')
  .max(MAX_TEXT, 'The file is larger than 512 KiB.');
const passphrase = z.string({ error: 'Use text.' }).max(1024, 'Use at most 1024 characters.');

/** A certificate that another CA issued, with its key; or a CA to trust (`trusted`), without. */
export const certificateImport = z.strictObject({
  certificate: certificateId,
  name,
  kind: z.enum(['server', 'client', 'trusted'], { error: 'Use "server", "client" or "trusted".' }),
  /** PEM text, or the bytes of a PKCS#12 or DER file in base64. */
  content: fileText,
  /** The private key in PEM, where it is in a file of its own. */
  key: z.string({ error: 'Use text.' }).max(MAX_TEXT, 'The file is larger than 512 KiB.').optional(),
  passphrase: passphrase.optional(),
  /** It takes the place of an imported one of this ID and kind: who uses that goes on with the new one. */
  replace: z.boolean({ error: 'Use true or false.' }).optional(),
});
export type CertificateImport = z.infer<typeof certificateImport>;

/** What another CA made of a request. */
export const signedCertificate = z.strictObject({ content: fileText });

export const certificateChange = z.strictObject({
  name: name.optional(),
  /** Of a CA: whether targets may show its certificates. */
  isTrusted: z.boolean({ error: 'Use true or false.' }).optional(),
});
export type CertificateChange = z.infer<typeof certificateChange>;

/** The public part: the certificate with its chain, or the request, in PEM. */
export const certificateExport = z.object({
  certificate: z.string(),
  pem: z.string(),
  /** SHA-256, `AB:CD…`; null for a request. */
  fingerprint: z.string().nullable(),
});

/** With its private key, under a passphrase. */
export const keyExport = z.strictObject({
  /** `p12` for browsers and Windows, RSA keys only; `pem` for programs. */
  format: z.enum(['p12', 'pem'], { error: 'Use "p12" or "pem".' }),
  passphrase: passphrase.min(8, 'Use at least 8 characters.'),
});
export type KeyExport = z.infer<typeof keyExport>;
/** Base64 of the file. */
export const exportedKey = z.object({ certificate: z.string(), fileName: z.string(), content: z.string() });
export type ExportedKey = z.infer<typeof exportedKey>;

/** As stored. Its private key is in secrets.json alone. */
export const certificateProfile = z.object({
  certificate: certificateId,
  kind: z.enum(certificateKinds),
  origin: z.enum(['issued', 'imported', 'signed_request']),
  name: z.string(),
  /** What a request becomes when it is signed. */
  wantedKind: z.enum(['server', 'client']).optional(),
  /** PEM: the certificate, then what leads to its root; of a request, the request. */
  pem: z.string(),
  /** Host names and addresses asked for. */
  names: z.array(z.string()),
  /** How long it is issued for; only of what the local CA issued. */
  days: z.number().optional(),
  isTrusted: z.boolean(),
  created: z.number(),
  modified: z.number(),
});
export type CertificateProfile = z.infer<typeof certificateProfile>;

/** Which certificate. */
export const certificateParams = z.object({ certificate: z.string() });

/** Who uses a certificate, and as what. */
const certificateUse = z.object({
  kind: z.enum(['proxy', 'hub', 'agent']),
  id: z.string(),
  name: z.string(),
  as: z.enum(['source', 'clientCa', 'target', 'verify']),
});
export type CertificateUse = z.infer<typeof certificateUse>;

/** A certificate as answers and events carry it. Facts that a waiting request does not have yet are null. */
export const certificateView = z.object({
  certificate: certificateId,
  kind: z.enum(certificateKinds),
  origin: z.enum(certificateOrigins),
  name: z.string(),
  subject: z.string(),
  issuer: z.string().nullable(),
  /** Host names and addresses. */
  names: z.array(z.string()),
  serial: z.string().nullable(),
  /** SHA-256, `AB:CD…`. */
  fingerprint: z.string().nullable(),
  /** Wall clock, milliseconds. */
  notBefore: z.number().nullable(),
  notAfter: z.number().nullable(),
  hasKey: z.boolean(),
  isTrusted: z.boolean(),
  renewsItself: z.boolean(),
  state: z.enum(certificateStates),
  usedBy: z.array(certificateUse),
});
export type CertificateView = z.infer<typeof certificateView>;
