/** The contract implemented by asking somebody else who implements it: calls, faults and live events pass through. */
import { type AnyContractRouter, isContractProcedure } from '@orpc/contract';
import { type AnyRouter, implement, ORPCError, ValidationError } from '@orpc/server';
import { orpcError, refusedInput } from '../api/fault.ts';

type Call = (input: unknown, options: { readonly signal: AbortSignal | undefined }) => Promise<unknown>;
type Calls = { readonly [name: string]: Calls & Call };

/** @param client  a client of that contract, such as one over a WebSocket */
export function forwardingRouter(contract: AnyContractRouter, client: object): AnyRouter {
  if (isContractProcedure(contract)) {
    const call = client as Call;
    const hasBodyPart = contract['~orpc'].route.inputStructure === 'detailed';
    return implement(contract)
      .use(async ({ next }) => {
        try {
          return await next();
        } catch (thrown) {
          // Input is looked at here already; what was thrown behind is a fault in our words.
          const isRefusedHere = thrown instanceof ORPCError && thrown.cause instanceof ValidationError;
          const refusal = isRefusedHere ? refusedInput(thrown, hasBodyPart) : undefined;
          throw refusal ? orpcError(refusal) : thrown;
        }
      })
      .handler(({ input, signal }) => call(input, { signal }));
  }
  const parts = Object.entries(contract as Readonly<Record<string, AnyContractRouter>>);
  return Object.fromEntries(parts.map(([name, part]) => [name, forwardingRouter(part, partOf(client, name))]));
}

/** Clients are proxies that make their parts when asked for them. */
function partOf(client: object, name: string): object {
  const part = (client as Calls)[name];
  if (!part) throw new Error(`The client has no ${name}.`);
  return part;
}
