/** The contract implemented by asking somebody else who implements it: calls, faults and live events pass through. */
import { type AnyContractRouter, isContractProcedure } from '@orpc/contract';
import { type AnyRouter, implement, ORPCError, ValidationError } from '@orpc/server';
import { orpcError, refusedInput } from '../api/fault.ts';

type Call = (input: unknown, options: { readonly signal: AbortSignal | undefined }) => Promise<unknown>;

/** What is implemented of a contract, part by part as the contract has them. */
interface Implementer {
  handler(work: (call: { readonly input: unknown; readonly signal?: AbortSignal }) => Promise<unknown>): AnyRouter;
}
type Implementers = { readonly [name: string]: Implementers & Implementer };

/** @param client  a client of that contract, such as one over a WebSocket */
export function forwardingRouter(
  contract: Exclude<AnyContractRouter, { '~orpc': unknown }>,
  client: object,
): AnyRouter {
  const implementer = implement(contract).use(async ({ procedure, next }) => {
    try {
      return await next();
    } catch (thrown) {
      // Input is looked at here already; what was thrown behind is a fault in our words.
      const isRefusedHere = thrown instanceof ORPCError && thrown.cause instanceof ValidationError;
      const hasBodyPart = procedure['~orpc'].route.inputStructure === 'detailed';
      const refusal = isRefusedHere ? refusedInput(thrown, hasBodyPart) : undefined;
      throw refusal ? orpcError(refusal) : thrown;
    }
  });
  return forwarding(contract, implementer as unknown as Implementers & Implementer, client);
}

function forwarding(contract: AnyContractRouter, implementer: Implementers & Implementer, client: object): AnyRouter {
  if (isContractProcedure(contract)) {
    const call = client as Call;
    return implementer.handler(({ input, signal }) => call(input, { signal }));
  }
  const parts = Object.entries(contract as Readonly<Record<string, AnyContractRouter>>);
  return Object.fromEntries(
    parts.map(([name, part]) => [name, forwarding(part, partOf(implementer, name), partOf(client, name) as object)]),
  );
}

/** Clients and implementers are proxies that make their parts when asked for them. */
function partOf<Whole extends object>(whole: Whole, name: string): Whole {
  const part = (whole as Readonly<Record<string, Whole>>)[name];
  if (!part) throw new Error(`There is no ${name}.`);
  return part;
}
