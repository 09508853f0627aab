/** The site bundle: out, compared, in, and back. */
import { api } from '../base.ts';
import type { ApiContext } from '../context.ts';

const whoIs = ({ identity }: ApiContext) => ({ name: identity?.name ?? '', role: identity?.role ?? 'viewer' });

export const siteHandlers = {
  export: api.site.export.handler(({ context, input }) => context.gateway.site.export(input)),
  import: api.site.import.handler(async ({ context, input: { query, body } }) =>
    query.dryRun === 'true'
      ? { comparison: await context.gateway.site.compare(body), applied: null }
      : context.gateway.site.apply(body, whoIs(context)),
  ),
  last: api.site.last.handler(({ context }) => ({ last: context.gateway.site.last })),
  undo: api.site.undo.handler(({ context }) => context.gateway.site.undo(whoIs(context))),
  signers: api.site.signers.handler(({ context }) => context.gateway.site.signers),
  trust: api.site.trust.handler(({ context, input }) => context.gateway.site.trust(input)),
  distrust: api.site.distrust.handler(async ({ context, input }) => {
    await context.gateway.site.distrust(input.fingerprint);
    return input;
  }),
};
