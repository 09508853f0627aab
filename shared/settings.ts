/** Settings of the gateway as a whole. A `PUT` may send any part; what is left out stays. */
import { z } from 'zod';
import { listenAddress } from './proxy.ts';

const siteName = z.string({ error: 'Use text.' }).trim().max(64, 'Use at most 64 characters.');
const dynamicPort = z
  .int({ error: 'Use a whole number from 1024 to 65535.' })
  .min(1024, 'Use a port from 1024 to 65535.')
  .max(65535, 'Use a port from 1024 to 65535.');
const count = (max: number) =>
  z.int({ error: 'Use a whole number.' }).min(0, 'Use 0 or more.').max(max, `Use at most ${max}.`);

export const settings = z.object({
  siteName,
  /** True after "Stop all": profiles stay as they are, but no port is open. */
  stopped: z.boolean(),
  listen: z.object({
    /** For new profiles that name no address. */
    defaultAddress: listenAddress,
    /** Where "Pick free" looks. */
    dynamicPorts: z.object({ from: dynamicPort, to: dynamicPort }),
  }),
  limits: z.object({
    /** Open pipes of all proxies together; 0 is as many as the system has sockets for. */
    maxPipes: count(1_000_000),
    /** UDP flows of one proxy, U1. */
    maxUdpFlows: count(4096).min(1, 'Use at least 1.'),
  }),
});
export type Settings = z.infer<typeof settings>;

export const settingsChange = z.strictObject({
  siteName: siteName.optional(),
  stopped: z.boolean({ error: 'Use true or false.' }).optional(),
  listen: z
    .strictObject({
      defaultAddress: listenAddress.optional(),
      dynamicPorts: z.strictObject({ from: dynamicPort, to: dynamicPort }).optional(),
    })
    .refine((listen) => !listen.dynamicPorts || listen.dynamicPorts.from <= listen.dynamicPorts.to, {
      path: ['dynamicPorts', 'to'],
      message: 'The last port must not be below the first.',
    })
    .optional(),
  limits: z
    .strictObject({ maxPipes: count(1_000_000), maxUdpFlows: count(4096).min(1, 'Use at least 1.') })
    .partial()
    .optional(),
});
export type SettingsChange = z.infer<typeof settingsChange>;

/** What a fresh install has: nothing listens beyond this PC until someone says so. */
export const defaultSettings: Settings = {
  siteName: '',
  stopped: false,
  listen: { defaultAddress: '127.0.0.1', dynamicPorts: { from: 50_000, to: 51_000 } },
  limits: { maxPipes: 0, maxUdpFlows: 1024 },
};

export function changeSettings(present: Settings, change: SettingsChange): Settings {
  return {
    siteName: change.siteName ?? present.siteName,
    stopped: change.stopped ?? present.stopped,
    listen: { ...present.listen, ...change.listen },
    limits: { ...present.limits, ...change.limits },
  };
}
