/** Certificates of the desk: what people may send, and what is shown of each. Private keys are never part of a view. */
import { z } from 'zod';
import { isHostName, isIpAddress } from './address.ts';
import { ID_RULE, isSeen, UNSEEN } from './name.ts';

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

export const MAX_CERTIFICATES = 256;
/** Of a file to import, before it is written as base64. */
export const MAX_IMPORT_BYTES = 1024 * 1024;
/** Days before the end at which people are told. */
export const WARNING_DAYS = [30, 14, 3] as const;

export const certificateId = z.string({ error: 'A certificate ID is needed.' }).regex(/^[a-zA-Z0-9_-]{1,32}$/, ID_RULE);

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
