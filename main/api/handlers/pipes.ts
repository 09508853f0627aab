/** Pipes: the open ones and those that ended lately. */
import { SluiceError } from '../../../shared/errors.ts';
import { api } from '../base.ts';
import { watchPipes } from '../pipe-watch.ts';

export const pipeHandlers = {
  list: api.pipes.list.handler(({ context: { gateway }, input }) =>
    gateway.engine.pipes.list(input).map((pipe) => gateway.captures.shown(pipe)),
  ),
  watch: api.pipes.watch.handler(({ context: { gateway }, input, signal }) =>
    watchPipes(
      {
        list: (query) => gateway.engine.pipes.list(query).map((pipe) => gateway.captures.shown(pipe)),
        counts: (proxy) => gateway.engine.pipes.counts(proxy),
        captures: () => gateway.captures.list(),
      },
      input,
      signal,
    ),
  ),
  get: api.pipes.get.handler(({ context, input: { pipe } }) => {
    const found = context.gateway.engine.pipes.get(pipe);
    if (!found) throw new SluiceError('PIPE_NOT_FOUND', { pipe });
    return context.gateway.captures.shown(found);
  }),
  kill: api.pipes.kill.handler(({ context, input: { pipe } }) => {
    const killed = context.gateway.engine.pipes.kill(pipe, context.identity?.name ?? '');
    if (!killed) throw new SluiceError('PIPE_NOT_FOUND', { pipe });
    return killed;
  }),
};
