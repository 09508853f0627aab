/** TLS of a proxy's two legs: the fields of a profile, how they are completed, and what is known of a connection. */
import { z } from 'zod';
import { isHostName, isIpAddress } from './address.ts';
import { ID_RULE } from './name.ts';

const secure = z.boolean({ error: 'Use true or false.' });
export const certificateId = z.string({ error: 'A certificate ID is needed.' }).regex(/^[a-zA-Z0-9_-]{1,32}$/, ID_RULE);
const verify = z
  .string({ error: 'Use system, ca:<certificate> or pin:<sha256>.' })
  .regex(
    /^(system|ca:[a-zA-Z0-9_-]{1,32}|pin:([0-9a-fA-F]{64}|([0-9a-fA-F]{2}:){31}[0-9a-fA-F]{2}))$/,
    'Use system, ca:<certificate> or pin:<sha256 of the certificate>.',
  );
const serverName = z
  .string({ error: 'Use text.' })
  .refine((text) => isHostName(text) || isIpAddress(text), 'Use a host name or an IP address.');

/** Of a source. As stored; `certificate` left out is the one made for this gateway. */
export const sourceTls = {
  secure: secure.optional(),
  /** Shown to clients. */
  certificate: certificateId.optional(),
  /** The CA of which clients must show a certificate; left out, none is asked for. */
  clientCa: certificateId.optional(),
};

/** Of a target on this PC's own network. */
export const targetTls = {
  secure: secure.optional(),
  /** `system` (also left out): trusted by this PC or the desk; `ca:<ID>`: by that CA alone; `pin:<sha256>`: exactly this one. */
  verify: verify.optional(),
  /** Asked for and looked for in the certificate, in place of the address. */
  serverName: serverName.optional(),
  /** Shown to a target that asks for one. */
  certificate: certificateId.optional(),
  /** TLS 1.0 and 1.1 too. */
  oldTls: z.boolean({ error: 'Use true or false.' }).optional(),
};
export type TargetTlsWish = Omit<z.infer<z.ZodObject<typeof targetTls>>, 'secure'>;

/** The same fields as they may be sent: what is left out keeps its present value, null takes it away. */
export const sentSourceTls = {
  secure: sourceTls.secure,
  certificate: certificateId.nullish(),
  clientCa: certificateId.nullish(),
};
export const sentTargetTls = {
  secure: targetTls.secure,
  verify: verify.nullish(),
  serverName: serverName.nullish(),
  certificate: certificateId.nullish(),
  oldTls: targetTls.oldTls,
};

const sourceKeys = ['certificate', 'clientCa'] as const;
const targetKeys = ['verify', 'serverName', 'certificate', 'oldTls'] as const;
type Sent = Readonly<Record<string, unknown>>;

/** For `superRefine`: TLS that is asked for in detail but not switched on would leave a leg in plain unseen. */
export function needsSecure(leg: Sent, context: z.RefinementCtx): void {
  if (leg.secure === true) return;
  for (const key of new Set([...sourceKeys, ...targetKeys])) {
    if (leg[key] !== undefined && leg[key] !== null && leg[key] !== false) {
      context.addIssue({ code: 'custom', path: [key], message: 'This needs SSL/TLS: set "secure" to true.' });
    }
  }
}

function completed(keys: readonly string[], sent: Sent, present: Sent | undefined): Record<string, unknown> {
  const secure = sent.secure ?? present?.secure ?? false;
  if (!secure) return { secure: false };
  const values = keys.map((key) => [key, sent[key] === undefined ? present?.[key] : sent[key]] as const);
  return {
    secure,
    ...Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== null && value !== false)),
  };
}

type SourceTls = z.infer<z.ZodObject<typeof sourceTls>>;
type TargetTls = z.infer<z.ZodObject<typeof targetTls>>;

export const completeSourceTls = (sent: Sent, present?: Sent): SourceTls => completed(sourceKeys, sent, present);
export const completeTargetTls = (sent: Sent, present?: Sent): TargetTls => completed(targetKeys, sent, present);

/** How a target's certificate is judged; a fingerprint is written `AB:CD:…`. */
export type Verify =
  | { readonly kind: 'system' }
  | { readonly kind: 'ca'; readonly certificate: string }
  | { readonly kind: 'pin'; readonly fingerprint: string };

export function parseVerify(text = 'system'): Verify {
  if (text.startsWith('ca:')) return { kind: 'ca', certificate: text.slice(3) };
  if (!text.startsWith('pin:')) return { kind: 'system' };
  const pairs = text.slice(4).replaceAll(':', '').toUpperCase().match(/../g) ?? [];
  return { kind: 'pin', fingerprint: pairs.join(':') };
}

/** One leg of a pipe as it was agreed. */
export const tlsFacts = z.object({
  /** `TLSv1.3` */
  version: z.string(),
  /** `TLS_AES_256_GCM_SHA384` */
  cipher: z.string(),
  /** The name that the client of this leg asked for. */
  serverName: z.string().optional(),
  alpn: z.string().optional(),
  /** Whom the certificate of the other end names, where it showed one. */
  peer: z.string().optional(),
});
export type TlsFacts = z.infer<typeof tlsFacts>;
