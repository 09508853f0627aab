/** Proxies: list, read, add, change, test, remove. */
import type { LadderEvent, LadderResult } from '../../../shared/ladder.ts';
import { api } from '../base.ts';
import { testConnection } from '../dial.ts';

const { proxies } = api;

export const proxyHandlers = {
  // The schema of the answer leaves `config` out, as Thinger.io does.
  list: proxies.list.handler(({ context }) => context.gateway.profiles.list()),
  get: proxies.get.handler(({ context, input }) => context.gateway.profiles.get(input.proxy)),
  create: proxies.create.handler(({ context, input }) => context.gateway.profiles.create(input)),
  update: proxies.update.handler(({ context, input }) =>
    context.gateway.profiles.update(input.params.proxy, input.body),
  ),
  switch: proxies.switch.handler(({ context, input: { params, body } }) =>
    context.gateway.profiles.update(params.proxy, body),
  ),
  remove: proxies.remove.handler(async ({ context, input: { proxy } }) => {
    await context.gateway.profiles.remove(proxy);
    return { proxy };
  }),
  status: proxies.status.handler(({ context, input }) => context.gateway.profiles.status(input.proxy)),
  openFor: proxies.openFor.handler(async ({ context: { gateway, identity }, input: { params, body } }) => {
    await gateway.leases.lend(params.proxy, body, identity?.name ?? '');
    return gateway.profiles.status(params.proxy);
  }),
  endLease: proxies.endLease.handler(async ({ context: { gateway }, input: { proxy } }) => {
    await gateway.leases.end(proxy, { stays: false });
    return gateway.profiles.status(proxy);
  }),
  keepOpen: proxies.keepOpen.handler(async ({ context: { gateway }, input: { proxy } }) => {
    await gateway.leases.end(proxy, { stays: true });
    return gateway.profiles.status(proxy);
  }),
  test: proxies.test.handler(({ context, input, signal }) =>
    resultOf(context.gateway.profiles.test(input.params.proxy, input.body?.config, signal)),
  ),
  testLive: proxies.testLive.handler(({ context, input, signal }) =>
    context.gateway.profiles.test(input.params.proxy, input.body?.config, signal),
  ),
  connect: proxies.connect.handler(async ({ context: { gateway }, input: { proxy } }) => {
    await testConnection(gateway.engine.wayInto(gateway.profiles.get(proxy).proxy));
    return { proxy };
  }),
  retry: proxies.retry.handler(({ context, input }) => context.gateway.profiles.retry(input.proxy)),
};

async function resultOf(events: AsyncIterable<LadderEvent>): Promise<LadderResult> {
  const done: LadderResult = { ok: false, plan: [], steps: [] };
  for await (const event of events) {
    if (event.type === 'plan') done.plan = event.plan;
    else done.steps.push(event.result);
  }
  return { ...done, ok: done.steps.length === done.plan.length && done.steps.every(({ ok }) => ok) };
}
