/** What the page may ask of the desktop application around it: a contract of its own, beside the gateway's. */
import { oc } from '@orpc/contract';
import { z } from 'zod';

export const desktopThemes = ['system', 'light', 'dark', 'sunlight'] as const;

/** What a person chose for this desktop; kept apart from the gateway's configuration. */
export const desktopPreferences = z.object({
  theme: z.enum(desktopThemes),
  /** Start with the session of this user, in the tray. */
  startsAtLogin: z.boolean(),
  /** Tell of faults that last, by notifications of the system. */
  notifies: z.boolean(),
});
export type DesktopPreferences = z.infer<typeof desktopPreferences>;

export const desktopView = z.object({
  preferences: desktopPreferences,
  /** The data folder and address of the service that this window shows; null where the gateway runs in the application itself. */
  service: z.object({ folder: z.string(), url: z.string() }).nullable(),
});
export type DesktopView = z.infer<typeof desktopView>;

export const desktopContract = {
  view: oc.output(desktopView),
  update: oc.input(desktopPreferences.partial()).output(desktopView),
};
export type DesktopContract = typeof desktopContract;

/**
 * How the page asks its preload for a port: `postMessage` on its own window, answered the same way with the one port in
 * `ports`, or with `unauthorized` or `gone` as `outcome` and no port.
 */
export const portRequest = z.object({ type: z.literal('sluice.port.request'), token: z.string().max(200).optional() });
export const portAnswer = z.object({
  type: z.literal('sluice.port.answer'),
  outcome: z.enum(['open', 'unauthorized', 'gone']),
});
export type PortRequest = z.infer<typeof portRequest>;
export type PortAnswer = z.infer<typeof portAnswer>;
