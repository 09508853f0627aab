/** The REST face: the contract's routes by oRPC's OpenAPI adapter, with our own reading of bodies and shape of faults. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIHandler } from '@orpc/openapi/node';
import type { ORPCError } from '@orpc/server';
import { faultData } from '../../shared/contract/procedure.ts';
import { contract } from '../../shared/contract.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { ApiContext } from '../api/context.ts';
import { router } from '../api/router.ts';
import { type FaultBody, faultBody } from './answer.ts';
import { readJson } from './request-body.ts';

const handler = new OpenAPIHandler(router, { customErrorResponseBodyEncoder: encodeFault });

const routes = Object.values(contract)
  .flatMap((group) => Object.values(group))
  .map(({ '~orpc': { route } }) => ({ method: route.method, segments: (route.path ?? '').split('/') }));

/** Answers, or throws METHOD_NOT_ALLOWED, NOT_FOUND, TOO_LARGE, BAD_REQUEST. */
export async function answerRest(
  request: IncomingMessage,
  response: ServerResponse,
  context: ApiContext,
): Promise<void> {
  const methods = methodsOf(pathOf(request));
  if (methods.length === 0) throw new SluiceError('NOT_FOUND');
  const { method = '' } = request;
  if (!methods.includes(method)) {
    response.setHeader('allow', methods.join(', '));
    throw new SluiceError('METHOD_NOT_ALLOWED', { method });
  }
  const body = await readJson(request);
  // The adapter takes a body that was already read from this property, as body parsers of other servers leave it.
  const { matched } = await handler.handle(Object.assign(request, { body }), response, { context });
  if (!matched) throw new SluiceError('NOT_FOUND');
}

/** The path of a request without its query. Throws BAD_REQUEST for forms that only forward proxies are sent. */
export function pathOf({ url = '' }: IncomingMessage): string {
  if (!url.startsWith('/')) throw new SluiceError('BAD_REQUEST', { reason: 'The request needs a plain path.' });
  return url.split('?', 1)[0] ?? '';
}

function methodsOf(path: string): (string | undefined)[] {
  const segments = path.replace(/(?<=.)\/$/, '').split('/');
  const fits = (pattern: readonly string[]): boolean =>
    pattern.length === segments.length &&
    pattern.every((part, index) => part === segments[index] || (part.startsWith('{') && segments[index] !== ''));
  return routes.filter((route) => fits(route.segments)).map((route) => route.method);
}

function encodeFault(error: ORPCError<string, unknown>): FaultBody {
  const data = faultData.safeParse(error.data);
  // Only what went wrong outside of every procedure has no words of ours.
  if (!data.success) return faultBody(new SluiceError(error.status < 500 ? 'BAD_REQUEST' : 'INTERNAL'));
  return { error: { code: error.code, message: error.message, ...data.data } };
}
