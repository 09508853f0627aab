/**
 * Everything the outside may ask of a gateway: route, schemas, faults, role. Handlers, clients, REST paths and the
 * OpenAPI page are derived from it; the three transports only expose it.
 */
import { session, tokens, users } from './contract/access.ts';
import { certificates } from './contract/certificates.ts';
import { agents, devices, hub } from './contract/devices.ts';
import { gateway, settings } from './contract/gateway.ts';
import { plugins } from './contract/plugins.ts';
import { addresses, ports } from './contract/ports.ts';
import { proxies } from './contract/proxies.ts';
import { captures, pipes, traffic } from './contract/traffic.ts';

export const contract = {
  proxies,
  ports,
  addresses,
  pipes,
  traffic,
  captures,
  devices,
  plugins,
  certificates,
  hub,
  agents,
  settings,
  gateway,
  session,
  users,
  tokens,
};
export type Contract = typeof contract;
