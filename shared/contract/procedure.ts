/** What every procedure of the contract has: who may call it, and which faults it may answer. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { type ErrorCode, faults } from '../errors.ts';

export const roles = ['viewer', 'technician', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** What the one middleware needs to know of a procedure. */
export interface ProcedureMeta {
  /**
   * The least role that may call it. `anyone` is for whoever was let in, locked or not. `nobody` marks a forgotten
   * declaration, which is always refused and does not build.
   */
  readonly role: Role | 'anyone' | 'nobody';
  /** What the caller has to be allowed on top. */
  readonly right?: Right;
}

/** What is allowed apart from the role: to see the payload of pipes. */
export const rights = ['capture'] as const;
export type Right = (typeof rights)[number];

/** What travels with a fault besides code and message. `issues` names refused fields. */
export const faultData = z.object({ next: z.string(), details: z.record(z.string(), z.unknown()) });

type FaultMap<Code extends ErrorCode> = { [C in Code]: { status: number; data: typeof faultData } };

export function canFail<Code extends ErrorCode>(...codes: Code[]): FaultMap<Code> {
  return Object.fromEntries(
    codes.map((code) => [code, { status: faults[code].status, data: faultData }]),
  ) as FaultMap<Code>;
}

const base = oc
  .$meta<ProcedureMeta>({ role: 'nobody' })
  .errors(canFail('BAD_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'INTERNAL'));
export const forRole = (role: Role) => base.meta({ role });
/** What a locked page needs: who it is, and how to unlock. It serves nothing that is configured. */
export const forAnyone = base.meta({ role: 'anyone' });
export const forCapture = base.meta({ role: 'technician', right: 'capture' });
/** It may dial any place. */
export const forReplay = base.meta({ role: 'administrator', right: 'capture' });
