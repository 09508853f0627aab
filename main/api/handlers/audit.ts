/** The audit log. */
import { api } from '../base.ts';

export const auditHandlers = {
  list: api.audit.list.handler(({ context, input }) => context.gateway.audit.page(input)),
  verify: api.audit.verify.handler(({ context }) => context.gateway.audit.verify()),
  export: api.audit.export.handler(({ context }) => context.gateway.audit.export()),
};
