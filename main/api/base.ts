/** The contract, ready to be implemented: before each procedure stands the one check of who may call it. */
import { implement } from '@orpc/server';
import { type ProcedureMeta, type Right, roles } from '../../shared/contract/procedure.ts';
import { contract } from '../../shared/contract.ts';
import { asSluiceError, SluiceError } from '../../shared/errors.ts';
import type { Identity } from '../access/identity.ts';
import { isAudited } from './audited.ts';
import { type ApiContext, callerOf } from './context.ts';
import { orpcError, toFault } from './fault.ts';

export const api = implement(contract)
  .$context<ApiContext>()
  .use(async ({ context, procedure, path, next }, input) => {
    const { meta, route } = procedure['~orpc'];
    const { seat, gateway } = context;
    const identityNow = (): Identity | null => (seat ? seat.identity : context.identity);
    const ask = (): void => authorize(identityNow(), meta, seat);
    const answer = async () => {
      ask();
      if (route.method !== 'GET') seat?.touch();
      await gateway.started;
      const result = await next({ context: { identity: identityNow() } });
      return isStream(result.output) ? { ...result, output: guarded(result.output, ask) } : result;
    };
    const name = path.join('.');
    try {
      if (!isAudited(name, route.method)) return await answer();
      return await gateway.audit.call(callerOf({ ...context, identity: identityNow() }), name, input, answer);
    } catch (thrown) {
      throw toFault(thrown, {
        procedure: name,
        hasBodyPart: route.inputStructure === 'detailed',
        log: context.gateway.log,
      });
    }
  });

const rightName: Record<Right, string> = { capture: 'the right to see payload' };

/** Throws UNAUTHORIZED, LOCKED or FORBIDDEN. @param seat  tells whether a password would help */
export function authorize(
  identity: Identity | null,
  { role: needed, right }: ProcedureMeta,
  seat?: { readonly isLocked: boolean },
): void {
  if (needed === 'anyone' && seat && (identity || seat.isLocked)) return;
  if (!identity) throw new SluiceError(seat?.isLocked ? 'LOCKED' : 'UNAUTHORIZED');
  if (needed === 'anyone') return;
  const isEnough = needed !== 'nobody' && roles.indexOf(identity.role) >= roles.indexOf(needed);
  if (!isEnough) throw new SluiceError('FORBIDDEN', { needed });
  if (right && !identity.rights.includes(right)) throw new SluiceError('FORBIDDEN', { needed: rightName[right] });
}

const isStream = (output: unknown): output is AsyncIterable<unknown> =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

/** Asks before each event: a stream that began with a right does not outlive it. */
async function* guarded(events: AsyncIterable<unknown>, ask: () => void): AsyncGenerator<unknown, void> {
  for await (const event of events) {
    try {
      ask();
    } catch (thrown) {
      throw orpcError(asSluiceError(thrown));
    }
    yield event;
  }
}
