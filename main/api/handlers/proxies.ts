/** Proxies: list, read, add, change, remove. */
import { api } from '../base.ts';

const { proxies } = api;

export const proxyHandlers = {
  // The schema of the answer leaves `config` out, as Thinger.io does.
  list: proxies.list.handler(({ context }) => context.gateway.profiles.list()),
  get: proxies.get.handler(({ context, input }) => context.gateway.profiles.get(input.proxy)),
  create: proxies.create.handler(({ context, input }) => context.gateway.profiles.create(input)),
  update: proxies.update.handler(({ context, input }) =>
    context.gateway.profiles.update(input.params.proxy, input.body),
  ),
  remove: proxies.remove.handler(async ({ context, input: { proxy } }) => {
    await context.gateway.profiles.remove(proxy);
    return { proxy };
  }),
  status: proxies.status.handler(({ context, input }) => context.gateway.profiles.status(input.proxy)),
  retry: proxies.retry.handler(({ context, input }) => context.gateway.profiles.retry(input.proxy)),
};
