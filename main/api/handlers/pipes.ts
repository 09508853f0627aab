/** Handlers of `pipes`. */
import { SluiceError } from '../../../shared/errors.ts';
import type { Pipe } from '../../../shared/pipe.ts';
import type { ApiParts, Implementer } from '../router.ts';

export function pipeHandlers({ pipes: os }: Implementer, { engine }: ApiParts) {
  return {
    list: os.list.handler(({ input }) => engine.pipes.list(input)),
    get: os.get.handler(({ input }) => present(engine.pipes.get(input.pipe), input.pipe)),
    kill: os.kill.handler(({ input }) => present(engine.pipes.kill(input.pipe), input.pipe)),
  };
}

function present(found: Pipe | undefined, pipe: string): Pipe {
  if (!found) throw new SluiceError('PIPE_NOT_FOUND', { pipe });
  return found;
}
