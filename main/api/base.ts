/** The contract, ready to be implemented: before each procedure stands the one check of who may call it. */
import { implement } from '@orpc/server';
import { type ProcedureMeta, type Right, roles } from '../../shared/contract/procedure.ts';
import { contract } from '../../shared/contract.ts';
import { SluiceError } from '../../shared/errors.ts';
import { isAudited } from './audited.ts';
import { type ApiContext, callerOf, type Identity } from './context.ts';
import { toFault } from './fault.ts';

export const api = implement(contract)
  .$context<ApiContext>()
  .use(async ({ context, procedure, path, next }, input) => {
    const { meta, route } = procedure['~orpc'];
    const answer = async () => {
      authorize(context.identity, meta);
      await context.gateway.started;
      return await next();
    };
    const name = path.join('.');
    try {
      if (!isAudited(name, route.method)) return await answer();
      return await context.gateway.audit.call(callerOf(context), name, input, answer);
    } catch (thrown) {
      throw toFault(thrown, {
        procedure: name,
        hasBodyPart: route.inputStructure === 'detailed',
        log: context.gateway.log,
      });
    }
  });

const rightName: Record<Right, string> = { capture: 'the right to see payload' };

/** Throws UNAUTHORIZED or FORBIDDEN. */
export function authorize(identity: Identity | null, { role: needed, right }: ProcedureMeta): void {
  if (!identity) throw new SluiceError('UNAUTHORIZED');
  const isEnough = needed !== 'nobody' && roles.indexOf(identity.role) >= roles.indexOf(needed);
  if (!isEnough) throw new SluiceError('FORBIDDEN', { needed });
  if (right && !identity.rights.includes(right)) throw new SluiceError('FORBIDDEN', { needed: rightName[right] });
}
