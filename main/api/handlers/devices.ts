/** Devices, the hub that they connect to, and the connections of this gateway to other hubs. */
import { api } from '../base.ts';

const { devices } = api;

export const deviceHandlers = {
  listAll: devices.listAll.handler(({ context }) => context.gateway.devices.list()),
  list: devices.list.handler(({ context, input }) => context.gateway.devices.list(input.user)),
  get: devices.get.handler(({ context, input }) => context.gateway.devices.get(input)),
  create: devices.create.handler(({ context, input }) => context.gateway.devices.create(input.params.user, input.body)),
  update: devices.update.handler(({ context, input }) => context.gateway.devices.update(input.params, input.body)),
  services: devices.services.handler(({ context, input }) => {
    context.gateway.devices.get(input);
    return context.gateway.portals.services(input);
  }),
  remove: devices.remove.handler(async ({ context, input }) => {
    await context.gateway.devices.remove(input);
    return input;
  }),
};

export const hubHandlers = { status: api.hub.status.handler(({ context }) => context.gateway.hub.status()) };

export const agentHandlers = { list: api.agents.list.handler(({ context }) => context.gateway.agents.list()) };
