/**
 * Everything the outside may ask of a gateway: route, schemas, faults, role. Handlers, clients, REST paths and the
 * OpenAPI page are derived from it; the three transports only expose it.
 */
import type { ContractRouter } from '@orpc/contract';
import { session, tokens, users } from './contract/access.ts';
import { audit } from './contract/audit.ts';
import { backups } from './contract/backups.ts';
import { certificates } from './contract/certificates.ts';
import { agents, devices, hub } from './contract/devices.ts';
import { gateway, settings } from './contract/gateway.ts';
import { plugins } from './contract/plugins.ts';
import { addresses, ports } from './contract/ports.ts';
import type { ProcedureMeta } from './contract/procedure.ts';
import { proxies } from './contract/proxies.ts';
import { site } from './contract/site.ts';
import { templates } from './contract/templates.ts';
import { captures, pipes, records, traffic } from './contract/traffic.ts';

export const contract = {
  proxies,
  templates,
  ports,
  addresses,
  pipes,
  traffic,
  captures,
  records,
  devices,
  plugins,
  certificates,
  hub,
  agents,
  audit,
  settings,
  backups,
  site,
  gateway,
  session,
  users,
  tokens,
  // A procedure without a role does not build.
} satisfies ContractRouter<ProcedureMeta>;
export type Contract = typeof contract;
