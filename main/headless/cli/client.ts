/** The command line's way to the gateway that runs on a data folder: the REST face, typed by the contract. */
import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { JsonifiedClient } from '@orpc/openapi-client';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { z } from 'zod';
import { type Contract, contract } from '../../../shared/contract.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { runningOn, unusable } from '../../host/running-gateway.ts';
import { readToken } from '../../store/control-file.ts';
import { isLocked } from '../../store/folder-lock.ts';

export type GatewayClient = JsonifiedClient<ContractRouterClient<Contract>>;

/** Removing a busy proxy may take 5 s. */
const ANSWER_MS = 30_000;

const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    next: z.string().default(''),
    details: z.record(z.string(), z.unknown()).default({}),
  }),
});

/**
 * Calls reject with what the gateway said (ORPCError), GATEWAY_NOT_RUNNING or GATEWAY_SILENT.
 * @param answerMs  how long one may take, to its end
 */
export function connectGateway(folder: string, answerMs = ANSWER_MS): GatewayClient {
  const { url, pid } = runningOn(folder);
  const token = readToken(folder);
  if (token === undefined) throw unusable(folder, 'the file control-token cannot be read');
  const link = new OpenAPILink(contract, {
    url,
    headers: { authorization: `Bearer ${token}`, 'x-sluice-from': 'command line' },
    fetch: async (request, init) => {
      const limit = answerMs === Number.POSITIVE_INFINITY ? [] : [AbortSignal.timeout(answerMs)];
      const signal = AbortSignal.any([request.signal, ...limit]);
      try {
        return await fetch(request, { ...init, redirect: 'error', signal });
      } catch (cause) {
        if (!isLocked(folder)) throw new SluiceError('GATEWAY_NOT_RUNNING', { folder }, { cause });
        throw new SluiceError('GATEWAY_SILENT', { folder, pid }, { cause });
      }
    },
    customErrorResponseBodyDecoder: (body, response) => {
      const { data } = errorBody.safeParse(body);
      if (!data) return null;
      const { code, message, next, details } = data.error;
      return new ORPCError(code, { status: response.status, message, data: { next, details } });
    },
  });
  return createORPCClient(link);
}
