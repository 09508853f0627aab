/** Handlers of `ports`. */
import type { ApiParts, Implementer } from '../router.ts';

export function portHandlers({ ports: os }: Implementer, { engine, settings }: ApiParts) {
  return {
    check: os.check.handler(({ input }) => engine.checkPort(input)),
    free: os.free.handler(({ input }) => engine.freePort(input, settings.get().listen.dynamicPorts)),
  };
}
