import { type ContractRouter, oc } from '@orpc/contract';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { forRole, type ProcedureMeta } from '../../shared/contract/procedure.ts';
import { contract } from '../../shared/contract.ts';

const all = Object.entries(contract).flatMap(([group, parts]) =>
  Object.entries(parts).map(([name, { '~orpc': procedure }]) => ({ name: `${group}.${name}`, ...procedure })),
);

it('names a role for each procedure', () => {
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ meta }) => meta.role === 'nobody').map(({ name }) => name)).toEqual([]);
});

it('does not build with a procedure that names none', () => {
  const named = { one: forRole('viewer').output(z.string()) } satisfies ContractRouter<ProcedureMeta>;
  // @ts-expect-error: it has no role.
  const bare = { one: oc.output(z.string()) } satisfies ContractRouter<ProcedureMeta>;
  expect([named.one['~orpc'].meta.role, Object.keys(bare.one['~orpc'].meta)]).toEqual(['viewer', []]);
});

it('gives each procedure a path of its own', () => {
  const ways = all.map(({ route }) => `${route.method} ${route.path?.replace(/\{\+?\w+\}/g, '{}')}`);
  expect(ways.filter((way, index) => ways.indexOf(way) !== index)).toEqual([]);
});
