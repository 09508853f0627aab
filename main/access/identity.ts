/** Somebody who calls: a user, a token of a program, or the gateway's own desktop. */
import type { Right, Role } from '../../shared/contract/procedure.ts';

export interface Identity {
  readonly name: string;
  readonly role: Role;
  readonly rights: readonly Right[];
}
