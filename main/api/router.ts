/**
 * The contract implemented. One middleware asks for the role that a procedure declares and turns whatever is thrown
 * into a fault of the catalogue; handlers stay a few lines each.
 */

import { ValidationError } from '@orpc/contract';
import { implement, ORPCError } from '@orpc/server';
import type { z } from 'zod';
import { contract, type ProcedureMeta, type Role, roles } from '../../shared/contract.ts';
import { asSluiceError, SluiceError } from '../../shared/errors.ts';
import { toIssues } from '../../shared/issue.ts';
import type { Engine } from '../engine/engine.ts';
import type { Logger } from '../engine/port-server.ts';
import type { EventHub } from './event-hub.ts';
import type { GatewayInfo } from './gateway-info.ts';
import { addressHandlers } from './handlers/addresses.ts';
import { gatewayHandlers } from './handlers/gateway.ts';
import { pipeHandlers } from './handlers/pipes.ts';
import { portHandlers } from './handlers/ports.ts';
import { proxyHandlers } from './handlers/proxies.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { badRequest, type Profiles } from './profiles.ts';
import type { SettingsDesk } from './settings-desk.ts';

/** What the handlers work with. */
export interface ApiParts {
  readonly engine: Engine;
  readonly profiles: Profiles;
  readonly settings: SettingsDesk;
  readonly events: EventHub;
  readonly info: GatewayInfo;
  readonly log: Logger;
}

/** Who calls; null where nobody has shown who it is. Set by the transport, asked here. */
export interface ApiContext {
  readonly identity: { readonly name: string; readonly role: Role } | null;
}

export type Implementer = ReturnType<typeof implementer>;

export type Router = ReturnType<typeof createRouter>;

export function createRouter(parts: ApiParts) {
  const os = implementer(parts.log);
  return os.router({
    proxies: proxyHandlers(os, parts),
    ports: portHandlers(os, parts),
    addresses: addressHandlers(os),
    pipes: pipeHandlers(os, parts),
    settings: settingsHandlers(os, parts),
    gateway: gatewayHandlers(os, parts),
  });
}

function implementer(log: Logger) {
  return implement(contract)
    .$context<ApiContext>()
    .use(async ({ context, next, procedure, path }) => {
      try {
        authorise(procedure['~orpc'].meta, context);
        return await next();
      } catch (thrown) {
        const fault = toFault(thrown, procedure['~orpc'].route.inputStructure === 'detailed');
        if (fault.code === 'INTERNAL') log.error({ path: path.join('.'), err: fault.cause }, 'A request failed.');
        throw toOrpcError(fault);
      }
    });
}

/** A role includes the ones below it; a procedure that declares none is refused to everybody. */
function authorise({ role }: ProcedureMeta, { identity }: ApiContext): void {
  if (!identity) throw new SluiceError('UNAUTHORIZED');
  if (role === 'nobody' || roles.indexOf(identity.role) < roles.indexOf(role)) throw new SluiceError('FORBIDDEN');
}

/** @param isDetailed  whether the input is split into `params` and `body`, which people do not see in their JSON */
function toFault(thrown: unknown, isDetailed: boolean): SluiceError {
  if (!(thrown instanceof ORPCError) || thrown.code !== 'BAD_REQUEST') return asSluiceError(thrown);
  if (!(thrown.cause instanceof ValidationError)) return new SluiceError('BAD_REQUEST', {}, { cause: thrown });
  const issues = thrown.cause.issues as z.core.$ZodIssue[];
  return badRequest(
    toIssues(issues.map((issue) => ({ ...issue, path: isDetailed ? issue.path.slice(1) : issue.path }))),
    thrown,
  );
}

/** The same fault for every transport; the cause stays here. */
export function toOrpcError(fault: SluiceError): ORPCError<string, unknown> {
  const { code, status, message, next, details } = fault;
  return new ORPCError(code, { status, message, data: { next, details } });
}
