/** Who sits before this page and what they may do, by the roles that the contract declares. */
import { useEffect } from 'react';
import { type ProcedureMeta, roles } from '../../shared/contract/procedure.ts';
import { contract } from '../../shared/contract.ts';
import type { SessionView } from '../../shared/user.ts';
import { useClient, useGateway } from './use-gateway.ts';

/** `proxies.create` */
export type ProcedureName = {
  [Group in keyof typeof contract]: `${Group}.${Extract<keyof (typeof contract)[Group], string>}`;
}[keyof typeof contract];

const SIGN_OF_LIFE_MS = 20_000;

export function useSession(): SessionView | undefined {
  return useGateway(({ session }) => session);
}

/** Why this may not be done now; undefined where it may. */
export function useRefusal(name: ProcedureName): string | undefined {
  const session = useSession();
  return session && refusalOf(session, metaOf(name));
}

export function refusalOf(
  { role: has, rights }: Pick<SessionView, 'role' | 'rights'>,
  { role, right }: ProcedureMeta,
): string | undefined {
  if (role === 'anyone' || role === 'nobody' || has === null) return undefined;
  if (roles.indexOf(has) < roles.indexOf(role)) {
    return role === 'administrator' ? 'Only an administrator can do this.' : 'Only a technician can do this.';
  }
  return right && !rights.includes(right) ? 'This needs the right to see payload.' : undefined;
}

function metaOf(name: ProcedureName): ProcedureMeta {
  const [group = '', part = ''] = name.split('.');
  const found = (contract as unknown as Record<string, Record<string, { '~orpc': { meta: ProcedureMeta } }>>)[group]?.[
    part
  ];
  if (!found) throw new Error(`There is no ${name}.`);
  return found['~orpc'].meta;
}

/** Tells the gateway now and then that somebody uses this page, so that it does not lock. */
export function useSignsOfLife(): void {
  const client = useClient();
  useEffect(() => {
    let last = 0;
    const tell = () => {
      if (Date.now() - last < SIGN_OF_LIFE_MS) return;
      last = Date.now();
      // A gateway that is away locks by itself.
      client.session.touch().catch(() => {});
    };
    const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
    for (const sign of signs) window.addEventListener(sign, tell, { passive: true });
    return () => {
      for (const sign of signs) window.removeEventListener(sign, tell);
    };
  }, [client]);
}
