/** Anything thrown by a procedure, as the error that the three transports carry. Stacks go to the log, never out. */
import { ORPCError, ValidationError } from '@orpc/server';
import { asSluiceError, SluiceError } from '../../shared/errors.ts';
import { toIssues } from '../../shared/issue.ts';
import type { Logger } from '../engine/port-server.ts';
import { badRequest } from './bad-request.ts';

export interface FaultPlace {
  /** `proxies.update` */
  readonly procedure: string;
  /** Input of the form `{params, body}`: issues are told by their path in the body. */
  readonly hasBodyPart: boolean;
  readonly log: Logger;
}

type AnyOrpcError = ORPCError<string, unknown>;

export function toFault(thrown: unknown, place: FaultPlace): AnyOrpcError {
  const error = asSluiceError(refusedInput(thrown, place.hasBodyPart) ?? thrown);
  if (error.code === 'INTERNAL') {
    place.log.error({ procedure: place.procedure, err: error.cause }, 'A call failed because of a mistake in Sluice.');
  }
  return orpcError(error);
}

export function orpcError(error: SluiceError): AnyOrpcError {
  const { code, status, message, next, details, cause } = error;
  return new ORPCError(code, { status, message, data: { next, details }, cause });
}

/** Input that does not fit its schema. Output that does not is a mistake of ours and stays one. */
export function refusedInput(thrown: unknown, hasBodyPart: boolean): SluiceError | undefined {
  if (!(thrown instanceof ORPCError) || thrown.code !== 'BAD_REQUEST') return undefined;
  const { cause } = thrown;
  if (!(cause instanceof ValidationError)) return new SluiceError('BAD_REQUEST', {}, { cause: thrown });
  const found = cause.issues as Parameters<typeof toIssues>[0];
  const inBody = found.map((issue) => (hasBodyPart ? { ...issue, path: issue.path.slice(1) } : issue));
  return badRequest(toIssues(inBody), thrown);
}
