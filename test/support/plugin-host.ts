/** A host of plugins with short delays on a temporary folder, and small programs for it to run. */
import { onTestFinished } from 'vitest';
import type { PluginTimes } from '../../main/plugins/live-plugin.ts';
import { PluginHost, type PluginHostOptions } from '../../main/plugins/plugin-host.ts';
import type { PluginKey } from '../../shared/name.ts';
import type { PluginProcess, PluginProfile, PluginState, PluginStatus } from '../../shared/plugin.ts';
import { samplePluginProfile } from './sample-plugin.ts';
import { temporaryFolder } from './store.ts';
import { waitFor } from './wait.ts';

export const quick: PluginTimes = {
  firstRetryMs: 20,
  longestRetryMs: 200,
  steadyMs: 60_000,
  stopMs: 5000,
  graceMs: 5000,
  probeMs: 30,
  soonMs: 10,
};

export interface TestHost {
  readonly host: PluginHost;
  readonly folder: string;
  /** Every state that a plugin was in, in order. */
  readonly states: PluginState[];
  readonly troubles: string[];
  status(key?: PluginKey): PluginStatus;
  reaches(state: PluginState, key?: PluginKey): Promise<PluginStatus>;
  /** The log, each line as `err: text`. */
  lines(key?: PluginKey): string[];
}

export const broker: PluginKey = { user: 'gateway', plugin: 'broker' };

/** Starts it; it is stopped at the end of the test. */
export async function startHost(
  profiles: readonly PluginProfile[],
  options: Partial<Omit<PluginHostOptions, 'times'>> & { readonly times?: Partial<PluginTimes> } = {},
): Promise<TestHost> {
  const folder = options.folder ?? temporaryFolder();
  const states: PluginState[] = [];
  const troubles: string[] = [];
  const host = new PluginHost({
    folder,
    secretsOf: () => ({}),
    onTrouble: (message) => troubles.push(message),
    dockerSocket: `${folder}/no-docker.sock`,
    ...options,
    onChanged: (key) => {
      const state = host.status(key)?.state;
      if (state && state !== states.at(-1)) states.push(state);
    },
    times: { ...quick, ...options.times },
  });
  onTestFinished(() => host.stop({ deadlineMs: 0 }));
  await host.start(profiles);
  const status = (key: PluginKey = broker): PluginStatus => {
    const found = host.status(key);
    if (!found) throw new Error(`There is no plugin ${key.plugin}.`);
    return found;
  };
  return {
    host,
    folder,
    states,
    troubles,
    status,
    lines: (key = broker) => host.log(key).map(({ from, text }) => `${from}: ${text}`),
    reaches: async (state, key = broker) => {
      await waitFor(() => status(key).state === state, `${key.plugin} to be ${state}`, 10_000);
      return status(key);
    },
  };
}

/** A plugin that runs this text as a program of Node. */
export function program(script: string, port: number, change: Partial<PluginProcess> = {}): PluginProfile {
  const process = {
    command: globalThis.process.execPath,
    args: ['-e', script],
    env: {},
    restart: true,
    enabled: true,
    secrets: [],
    ...change,
  };
  return samplePluginProfile({ kind: 'process', port, process });
}

/** Listens on its port, and says so. */
export const serve = (port: number): string =>
  `require('node:net').createServer((s) => s.on('error', () => {}).end('hello')).listen(${port}, '127.0.0.1', () => console.log('listens'));`;

/** Whether a process, or a group (negative number), is there. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
