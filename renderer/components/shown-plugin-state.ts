/** The state of a plugin as people see it, and who runs it. */
import type { PluginKind, PluginState, PluginView } from '../../shared/plugin.ts';

/** In the order of the default sort: what needs a person comes first. */
export const pluginStateOrder: readonly PluginState[] = [
  'crashed',
  'not_answering',
  'starting',
  'stopping',
  'unknown',
  'running',
  'stopped',
];

export const pluginStateText: Record<PluginState, string> = {
  crashed: 'Crashed',
  not_answering: 'Not answering',
  starting: 'Starting',
  stopping: 'Stopping',
  unknown: 'Not known',
  running: 'Running',
  stopped: 'Stopped',
};

export const pluginKindText: Record<PluginKind, string> = {
  manual: 'By hand',
  process: 'Program',
  docker: 'Container',
};

/** The word on the chip. */
export function pluginStateLabel({ status }: Pick<PluginView, 'status'>): string {
  return status.error?.code === 'PLUGIN_NOT_STARTED' ? 'Cannot start' : pluginStateText[status.state];
}

/** What is said beside the word; empty where the word says it all. */
export function pluginStateDetail(
  { status, transport }: Pick<PluginView, 'status' | 'transport'>,
  now: number,
): string {
  const { state, retryAt, error } = status;
  if (state === 'crashed') {
    return retryAt === null ? 'stays down' : `again in ${Math.max(1, Math.ceil((retryAt - now) / 1000))} s`;
  }
  if (error?.code === 'PLUGIN_NO_CONTAINER') return 'no such container';
  if (state !== 'unknown') return '';
  if (error?.code === 'DOCKER_UNREACHABLE') return 'Docker is away';
  return transport === 'udp' ? 'UDP cannot be asked' : '';
}
