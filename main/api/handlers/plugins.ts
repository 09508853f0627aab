/** Plugins: the services of this PC that proxies lead to. */
import { pluginPresets } from '../../../shared/plugin-presets.ts';
import { api } from '../base.ts';

const { plugins } = api;

export const pluginHandlers = {
  listAll: plugins.listAll.handler(({ context }) => context.gateway.plugins.list()),
  list: plugins.list.handler(({ context, input }) => context.gateway.plugins.list(input.user)),
  get: plugins.get.handler(({ context, input }) => context.gateway.plugins.get(input)),
  create: plugins.create.handler(({ context, input }) => context.gateway.plugins.create(input.params.user, input.body)),
  update: plugins.update.handler(({ context, input }) => context.gateway.plugins.update(input.params, input.body)),
  remove: plugins.remove.handler(async ({ context, input }) => {
    await context.gateway.plugins.remove(input);
    return input;
  }),
  start: plugins.start.handler(({ context, input }) => context.gateway.plugins.start(input)),
  stop: plugins.stop.handler(({ context, input }) => context.gateway.plugins.stop(input)),
  log: plugins.log.handler(({ context, input }) => context.gateway.plugins.log(input)),
  presets: plugins.presets.handler(() => pluginPresets),
  containers: plugins.containers.handler(({ context }) => context.gateway.pluginHost.containers()),
};
