/** What the page may ask of the desktop application around it: a contract of its own, beside the gateway's. */
import { eventIterator, oc } from '@orpc/contract';
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

const length = z.number().int().min(0).max(32_767);

/** Where the page has room for a view, in its own pixels from its own corner. */
export const viewArea = z.object({ x: length, y: length, width: length, height: length });
export type ViewArea = z.infer<typeof viewArea>;

/** Keys of the application, pressed while the page of a device has the keyboard. */
export const portalKeys = ['search', 'leave'] as const;

/** What the native view of a portal tells the page around it. */
export const portalViewEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('state'),
    /** When a page was last there whole; wall clock milliseconds. */
    loadedAt: z.number().nullable(),
    canGoBack: z.boolean(),
    canGoForward: z.boolean(),
    /** Path and query, as the address of the page says. */
    path: z.string().nullable(),
    /** Why there is nothing to see: its process ended, or it could not be loaded. */
    trouble: z.enum(['crashed', 'failed']).nullable(),
    /** What the device calls itself where it asks for a name and a password, before it shows anything. */
    login: z.object({ realm: z.string() }).nullable(),
  }),
  /** What the view showed when it was hidden: a picture to stand in its place, as a `data:` address. */
  z.object({ type: z.literal('still'), image: z.string() }),
  z.object({ type: z.literal('key'), key: z.enum(portalKeys) }),
]);
export type PortalViewEvent = z.infer<typeof portalViewEvent>;

const portalInput = z.object({ proxy: z.string().max(200) });

export const desktopContract = {
  view: oc.output(desktopView),
  update: oc.input(desktopPreferences.partial()).output(desktopView),
  /** The one view of a portal that lies over the page, and windows of portals. */
  portals: {
    /** Opens a portal in place of the one before; its view is there as long as somebody listens. */
    show: oc.input(portalInput).output(eventIterator(portalViewEvent)),
    /** Lays the view over an area of the page; null hides it. @param zoom 1 is the size the page was made for */
    place: oc.input(z.object({ area: viewArea.nullable(), zoom: z.number().min(0.25).max(4) })),
    act: oc.input(z.object({ action: z.enum(['back', 'forward', 'reload', 'focus']) })),
    /** Answers the question for name and password; null turns it down. */
    logIn: oc.input(z.object({ name: z.string().max(200), password: z.string().max(1000) }).nullable()),
    openWindow: oc.input(portalInput),
  },
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
