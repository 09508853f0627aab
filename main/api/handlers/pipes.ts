/** Pipes: the open ones and those that ended lately. */
import { SluiceError } from '../../../shared/errors.ts';
import { api } from '../base.ts';

export const pipeHandlers = {
  list: api.pipes.list.handler(({ context, input }) => context.gateway.engine.pipes.list(input)),
  get: api.pipes.get.handler(({ context, input: { pipe } }) => {
    const found = context.gateway.engine.pipes.get(pipe);
    if (!found) throw new SluiceError('PIPE_NOT_FOUND', { pipe });
    return found;
  }),
  kill: api.pipes.kill.handler(({ context, input: { pipe } }) => {
    const killed = context.gateway.engine.pipes.kill(pipe);
    if (!killed) throw new SluiceError('PIPE_NOT_FOUND', { pipe });
    return killed;
  }),
};
