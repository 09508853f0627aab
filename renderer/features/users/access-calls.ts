/** What people do to lock, users and tokens. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Role } from '../../../shared/contract/procedure.ts';
import type { LoginInput } from '../../../shared/user.ts';
import { failureOf } from '../../api/failure.ts';
import type { Client } from '../../api/gateway.ts';
import { keepSession } from '../../api/token.ts';
import { useCall, useClient } from '../../api/use-gateway.ts';

export const roleText: Readonly<Record<Role, string>> = {
  viewer: 'Viewer',
  technician: 'Technician',
  administrator: 'Administrator',
};

export function useUnlock() {
  return useCall(
    async (client, login: LoginInput) => {
      const { session } = await client.session.unlock(login);
      keepSession(session);
    },
    { showsFailure: true },
  );
}

export function useLock() {
  return useCall((client, _: undefined) => client.session.lock());
}

export function useUsers() {
  const client = useClient();
  return useQuery({ queryKey: ['users'], queryFn: () => client.users.list() }).data;
}

export function useTokens() {
  const client = useClient();
  return useQuery({ queryKey: ['tokens'], queryFn: () => client.tokens.list() }).data;
}

/** A change of users or tokens: what is shown of them is asked for again. */
export function useChange<Input, Output>(call: (client: Client, input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useCall(
    async (client, input: Input) => {
      const done = await call(client, input);
      await Promise.all(['users', 'tokens'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      return done;
    },
    { showsFailure: true },
  );
}

/** Words for what went wrong, as a form shows them. */
export function useTrouble() {
  const [trouble, setTrouble] = useState('');
  const refuse = (error: unknown) => {
    const { message, next, issues } = failureOf(error);
    setTrouble(issues.length > 0 ? issues.map((issue) => issue.message).join(' ') : `${message} ${next}`);
  };
  return { trouble, refuse, clear: () => setTrouble('') };
}
