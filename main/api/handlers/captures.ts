/** Payload: arming, ending and reading captures. */
import { api } from '../base.ts';
import type { ApiContext } from '../context.ts';

const nameOf = ({ identity }: ApiContext): string => identity?.name ?? '';

export const captureHandlers = {
  list: api.captures.list.handler(({ context }) => context.gateway.captures.list()),
  armPipe: api.captures.armPipe.handler(({ context, input: { params, body } }) =>
    context.gateway.captures.armPipe(params.pipe, { ...body, by: nameOf(context) }),
  ),
  stopPipe: api.captures.stopPipe.handler(({ context, input: { pipe } }) => context.gateway.captures.stop({ pipe })),
  armProxy: api.captures.armProxy.handler(({ context, input: { params, body } }) =>
    context.gateway.captures.armProxy(params.proxy, { ...body, by: nameOf(context) }),
  ),
  stopProxy: api.captures.stopProxy.handler(({ context, input: { proxy } }) =>
    context.gateway.captures.stop({ proxy }),
  ),
  remove: api.captures.remove.handler(({ context, input }) => {
    context.gateway.captures.remove(input.capture);
    return input;
  }),
  decode: api.captures.decode.handler(({ context, input: { pipe, protocol }, signal }) =>
    context.gateway.captures.decode(pipe, protocol, signal),
  ),
  export: api.captures.export.handler(({ context, input: { pipe, ...query } }) =>
    context.gateway.captures.export(pipe, query),
  ),
  replay: api.captures.replay.handler(({ context, input: { params, body }, signal }) =>
    context.gateway.captures.replay(params.pipe, body, signal),
  ),
  find: api.captures.find.handler(({ context, input: { what, proxy }, signal }) =>
    context.gateway.captures.find(what, proxy, signal),
  ),
  payload: api.captures.payload.handler(({ context, input: { pipe, from } }) =>
    context.gateway.captures.payload(pipe, from),
  ),
};

export const recordHandlers = {
  list: api.records.list.handler(({ context }) => context.gateway.records.list()),
  keep: api.records.keep.handler(({ context, input: { params, body } }) =>
    context.gateway.captures.keep(params.pipe, { ...body, by: nameOf(context) }),
  ),
  remove: api.records.remove.handler(async ({ context, input }) => {
    await context.gateway.records.remove(input.record);
    return input;
  }),
};

export const trafficHandlers = {
  history: api.traffic.history.handler(({ context, input }) => context.gateway.engine.history(input)),
};
