/** Settings of the gateway as a whole. A `PUT` may send any part; what is left out stays. */
import { z } from 'zod';
import { isLoopback } from './address.ts';
import { type AgentInput, type AgentProfile, agentInput, agentProfile, agentSetting, iotmpPorts } from './agent.ts';
import { userId } from './name.ts';
import { listenAddress } from './proxy.ts';

const siteName = z.string({ error: 'Use text.' }).trim().max(64, 'Use at most 64 characters.');
const dynamicPort = z
  .int({ error: 'Use a whole number from 1024 to 65535.' })
  .min(1024, 'Use a port from 1024 to 65535.')
  .max(65535, 'Use a port from 1024 to 65535.');
const count = (max: number) =>
  z.int({ error: 'Use a whole number.' }).min(0, 'Use 0 or more.').max(max, `Use at most ${max}.`);

const hubPort = z
  .int({ error: 'Use a whole number from 1 to 65535.' })
  .min(1, 'Use a port from 1 to 65535.')
  .max(65535, 'Use a port from 1 to 65535.');
const hubDoor = z.object({
  enabled: z.boolean({ error: 'Use true or false.' }),
  address: listenAddress,
  port: hubPort,
});
const hubDoorChange = z.strictObject(hubDoor.shape).partial();

/** Where devices connect to: TLS, plain TCP (credentials pass in clear), WebSocket over TLS at `/iotmp`. */
const hub = z.object({ tls: hubDoor, tcp: hubDoor, ws: hubDoor });
export type HubSettings = z.infer<typeof hub>;

/** Where the portals of devices are served; port 0 is any free one. */
const portals = z.object({
  address: listenAddress.refine(isLoopback, 'Portals are for this PC only: use 127.0.0.1 or ::1.'),
  port: z
    .int({ error: 'Use a whole number from 0 to 65535.' })
    .min(0, 'Use a port from 1 to 65535, or 0 for any free one.')
    .max(65535, 'Use a port from 1 to 65535, or 0 for any free one.'),
});
export type PortalSettings = z.infer<typeof portals>;

const mebibytes = (max: number) =>
  z.int({ error: 'Use a whole number of bytes.' }).min(0, 'Use 0 or more.').max(max, `Use at most ${max}.`);
const captureSetting = z.object({
  memoryBytes: mebibytes(4 * 2 ** 30).min(2 ** 20, 'Use at least 1048576 (1 MiB).'),
  /** In the folder `captures`; 0 keeps captures in memory only. */
  diskBytes: mebibytes(1024 * 2 ** 30),
});
export type CaptureSetting = z.infer<typeof captureSetting>;
const captureSettingDefault: CaptureSetting = { memoryBytes: 64 * 2 ** 20, diskBytes: 2 ** 30 };

export const settings = z.object({
  siteName,
  /** The account that forms propose for devices. */
  account: userId,
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
    /** Threads over which the clients of plain TCP proxies are spread, from the next start on; 0 spreads nothing. */
    workers: count(16).default(0),
  }),
  /** What captures of payload may take together. */
  capture: captureSetting.default(captureSettingDefault),
  hub,
  portals,
  /** Upstream connections, without their credentials. */
  agents: z.array(agentProfile),
});
export type Settings = z.infer<typeof settings>;

/** What `GET /v1/settings` answers: credentials are only told to be there. */
export const settingsView = z.object({ ...settings.shape, agents: z.array(agentSetting) });
export type SettingsView = z.infer<typeof settingsView>;

export const settingsChange = z.strictObject({
  siteName: siteName.optional(),
  account: userId.optional(),
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
    .strictObject({
      maxPipes: count(1_000_000),
      maxUdpFlows: count(4096).min(1, 'Use at least 1.'),
      workers: count(16),
    })
    .partial()
    .optional(),
  capture: z.strictObject(captureSetting.shape).partial().optional(),
  hub: z.strictObject({ tls: hubDoorChange, tcp: hubDoorChange, ws: hubDoorChange }).partial().optional(),
  portals: z.strictObject(portals.shape).partial().optional(),
  agents: z
    .array(agentInput, { error: 'Use a list.' })
    .max(16, 'Use at most 16 upstream connections.')
    .refine((list) => new Set(list.map(({ agent }) => agent)).size === list.length, 'Two entries have the same ID.')
    .optional(),
});
export type SettingsChange = z.infer<typeof settingsChange>;

/** What a fresh install has: nothing listens beyond this PC until someone says so. */
export const defaultSettings: Settings = {
  siteName: '',
  account: 'gateway',
  stopped: false,
  capture: captureSettingDefault,
  listen: { defaultAddress: '127.0.0.1', dynamicPorts: { from: 50_000, to: 51_000 } },
  limits: { maxPipes: 0, maxUdpFlows: 1024, workers: 0 },
  hub: {
    tls: { enabled: true, address: '0.0.0.0', port: iotmpPorts.tls },
    tcp: { enabled: false, address: '0.0.0.0', port: iotmpPorts.tcp },
    ws: { enabled: false, address: '0.0.0.0', port: iotmpPorts.ws },
  },
  portals: { address: '127.0.0.1', port: 0 },
  agents: [],
};

export function changeSettings(present: Settings, change: SettingsChange): Settings {
  return {
    siteName: change.siteName ?? present.siteName,
    account: change.account ?? present.account,
    stopped: change.stopped ?? present.stopped,
    listen: { ...present.listen, ...change.listen },
    limits: { ...present.limits, ...change.limits },
    capture: { ...present.capture, ...change.capture },
    hub: {
      tls: { ...present.hub.tls, ...change.hub?.tls },
      tcp: { ...present.hub.tcp, ...change.hub?.tcp },
      ws: { ...present.hub.ws, ...change.hub?.ws },
    },
    portals: { ...present.portals, ...change.portals },
    agents: change.agents?.map(completeAgent) ?? present.agents,
  };
}

/** The stored form: what was left out gets its default, and credentials are kept elsewhere. */
function completeAgent(sent: AgentInput): AgentProfile {
  const transport = sent.transport ?? 'tls';
  return {
    agent: sent.agent,
    enabled: sent.enabled ?? true,
    host: sent.host,
    port: sent.port ?? iotmpPorts[transport],
    transport,
    verify: sent.verify ?? 'system',
    user: sent.user,
    device: sent.device,
    allow: sent.allow ?? [],
  };
}
