/** A failed call in the words that people see. */
import { ORPCError } from '@orpc/client';
import { z } from 'zod';
import { faultData } from '../../shared/contract/procedure.ts';
import type { Issue } from '../../shared/issue.ts';
import { GatewayAway } from './gateway.ts';

export interface Failure {
  /** Empty where the gateway said nothing. */
  readonly code: string;
  readonly message: string;
  readonly next: string;
  /** Fields that were refused. */
  readonly issues: readonly Issue[];
}

const details = z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })).catch([]) });

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof ORPCError) {
    const data = faultData.safeParse(thrown.data);
    return {
      code: thrown.code,
      message: thrown.message,
      next: data.success ? data.data.next : '',
      issues: data.success ? (details.safeParse(data.data.details).data?.issues ?? []) : [],
    };
  }
  if (thrown instanceof GatewayAway)
    return { code: '', message: thrown.message, next: 'It is tried again on its own.', issues: [] };
  return {
    code: '',
    message: 'The connection to the engine broke before it answered.',
    next: 'Look whether the change was made, then try again.',
    issues: [],
  };
}
