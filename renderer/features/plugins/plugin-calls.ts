/** What people do to plugins, alone or many at once. */
import type { PluginKey } from '../../../shared/name.ts';
import type { PluginView } from '../../../shared/plugin.ts';
import { useCall } from '../../api/use-gateway.ts';

const paramsOf = ({ user, plugin }: PluginKey): PluginKey => ({ user, plugin });

/** Whether Sluice can start and stop it. */
export const isProgram = ({ kind }: Pick<PluginView, 'kind'>): boolean => kind === 'process';

/** Whether its program is meant to run. */
export const isWanted = ({ process }: Pick<PluginView, 'process'>): boolean => process?.enabled ?? false;

/** Programs only; the others are left as they are. A stop answers when the program has ended. */
export function useRunPlugins() {
  return useCall(async (client, { views, run }: { views: readonly PluginView[]; run: boolean }) => {
    const { start, stop } = client.plugins;
    await Promise.all(views.filter(isProgram).map((view) => (run ? start : stop)(paramsOf(view))));
  });
}

export function useRestartPlugin() {
  return useCall(async (client, key: PluginKey) => {
    await client.plugins.stop(paramsOf(key));
    await client.plugins.start(paramsOf(key));
  });
}

export function useRemovePlugins() {
  return useCall(async (client, keys: readonly PluginKey[]) => {
    for (const key of keys) await client.plugins.remove(paramsOf(key));
  });
}
