/** Handlers of `proxies`. */

import type { ApiParts, Implementer } from '../router.ts';
import { allViews } from '../views.ts';

export function proxyHandlers({ proxies: os }: Implementer, { engine, profiles }: ApiParts) {
  return {
    list: os.list.handler(() => allViews(profiles, engine).map(({ config: _left, ...summary }) => summary)),
    get: os.get.handler(({ input }) => profiles.get(input.proxy)),
    create: os.create.handler(({ input }) => profiles.create(input)),
    update: os.update.handler(({ input }) => profiles.update(input.params.proxy, input.body)),
    remove: os.remove.handler(async ({ input }) => {
      await profiles.remove(input.proxy);
      return { proxy: input.proxy };
    }),
    status: os.status.handler(({ input }) => engine.status(profiles.get(input.proxy).proxy)),
    retry: os.retry.handler(async ({ input }) => {
      await engine.retry(profiles.get(input.proxy).proxy);
      return engine.status(input.proxy);
    }),
  };
}
