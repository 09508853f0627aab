/** The certificate desk. */
import { api } from '../base.ts';

const { certificates } = api;

export const certificateHandlers = {
  list: certificates.list.handler(({ context }) => context.gateway.certificates.list()),
  get: certificates.get.handler(({ context, input }) => context.gateway.certificates.get(input.certificate)),
  issue: certificates.issue.handler(({ context, input }) => context.gateway.certificates.issue(input)),
  import: certificates.import.handler(({ context, input }) => context.gateway.certificates.import(input)),
  request: certificates.request.handler(({ context, input }) => context.gateway.certificates.request(input)),
  sign: certificates.sign.handler(({ context, input }) =>
    context.gateway.certificates.sign(input.params.certificate, input.body.content),
  ),
  update: certificates.update.handler(({ context, input }) =>
    context.gateway.certificates.update(input.params.certificate, input.body),
  ),
  renew: certificates.renew.handler(({ context, input }) => context.gateway.certificates.renew(input.certificate)),
  export: certificates.export.handler(({ context, input }) => context.gateway.certificates.exported(input.certificate)),
  exportKey: certificates.exportKey.handler(({ context, input }) =>
    context.gateway.certificates.exportedKey(input.params.certificate, input.body),
  ),
  remove: certificates.remove.handler(async ({ context, input }) => {
    await context.gateway.certificates.remove(input.certificate);
    return input;
  }),
};
