/** Handlers of `settings`. */
import type { ApiParts, Implementer } from '../router.ts';

export function settingsHandlers({ settings: os }: Implementer, { settings }: ApiParts) {
  return {
    get: os.get.handler(() => settings.get()),
    update: os.update.handler(({ input }) => settings.update(input)),
  };
}
