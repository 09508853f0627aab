/** Templates of proxies: what they hold, and how a profile becomes one. Those that come with Sluice are in `templates.ts`. */
import { z } from 'zod';
import { isSeen, UNSEEN } from './name.ts';
import { defaultLimit, type LimitName, limitsOf, type ProxyProfile, port, protocols, timeoutRange } from './proxy.ts';
import { tags } from './tag.ts';

const ID_RULE = 'Use 1 to 32 lower case letters, digits or hyphens.';
export const templateId = z.string({ error: 'A template ID is needed.' }).regex(/^[a-z0-9-]{1,32}$/, ID_RULE);
export const MOST_OWN_TEMPLATES = 200;

const ms = z
  .int({ error: 'Use a whole number of milliseconds.' })
  .min(timeoutRange.min, 'Use at least 100 milliseconds.')
  .max(timeoutRange.max, 'Use at most 7 days.')
  .optional();

/** What a new proxy begins with. The place of the target is never part of it: that is what makes a proxy of a template. */
export const templateSettings = z.strictObject(
  {
    protocol: z.enum(protocols, { error: `Use one of: ${protocols.join(', ')}.` }),
    /** Where it would listen; the next free port is taken where this one is in use. */
    sourcePort: port.optional(),
    targetPort: port,
    /** TLS to the target. */
    targetSecure: z.boolean({ error: 'Use true or false.' }).optional(),
    /** Those that differ from what the protocol has by itself. */
    limits: z
      .strictObject({
        idleTimeoutMs: ms,
        halfClosedTimeoutMs: ms,
        connectTimeoutMs: ms,
        lingerMs: ms,
        udpIdleTimeoutMs: ms,
        maxPipes: z
          .int({ error: 'Use a whole number, 0 for no limit.' })
          .min(0, 'Use 0 for no limit.')
          .max(1_000_000, 'Use at most 1000000.')
          .optional(),
      })
      .optional(),
    tags: tags.optional(),
  },
  { error: 'The settings are needed.' },
);
export type TemplateSettings = z.infer<typeof templateSettings>;

const name = z
  .string({ error: 'A name is needed.' })
  .trim()
  .min(1, 'A name is needed.')
  .max(64, 'Use at most 64 characters.')
  .refine(isSeen, UNSEEN);
const advice = z.string({ error: 'Use text.' }).trim().max(255, 'Use at most 255 characters.').refine(isSeen, UNSEEN);

/** One of the site, as it is stored. */
export const ownTemplate = z.object({ template: templateId, name, advice, settings: templateSettings });
export type OwnTemplate = z.infer<typeof ownTemplate>;

/** Body of `POST /v1/templates`. */
export const templateInput = z.strictObject({
  template: templateId,
  name,
  /** One sentence for who uses it. */
  advice: advice.optional(),
  settings: templateSettings,
});
export type TemplateInput = z.infer<typeof templateInput>;

/** Body of `PUT /v1/templates/{template}`: any part. */
export const templateChange = z.strictObject({
  name: name.optional(),
  advice: advice.optional(),
  settings: templateSettings.optional(),
});
export type TemplateChange = z.infer<typeof templateChange>;

export const templateParam = z.object({ template: z.string() });

/** `own` where the site has made it. */
export const templateView = z.object({ ...ownTemplate.shape, own: z.boolean() });
export type TemplateView = z.infer<typeof templateView>;

/** What a profile has that another one like it would have too. */
export function settingsOf({ config, tags }: Pick<ProxyProfile, 'config' | 'tags'>): TemplateSettings {
  const { protocol, source, target } = config;
  const limits = Object.fromEntries(
    limitsOf[protocol].flatMap((key) => {
      const value = config.limits[key];
      return value === undefined || value === defaultLimit(key, protocol) ? [] : [[key, value]];
    }),
  ) as Partial<Record<LimitName, number>>;
  return {
    protocol,
    ...(source.port !== undefined && { sourcePort: source.port }),
    targetPort: target.port,
    ...(target.secure && { targetSecure: true }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(tags && { tags }),
  };
}

/** `TCP 502`, `UDP 161`, `TCP 8883 with TLS`: what a template leads to, in short. */
export function templateText({ protocol, targetPort, targetSecure }: TemplateSettings): string {
  const transport = protocol === 'udp' ? 'UDP' : protocol === 'tcp+udp' ? 'TCP+UDP' : 'TCP';
  return `${transport} ${targetPort}${targetSecure ? ' with TLS' : ''}`;
}
