import { expect, it } from 'vitest';
import { isAudited } from '../../../../main/api/audited.ts';
import { kinds, whatText } from '../../../../renderer/features/audit/words.ts';
import { contract } from '../../../../shared/contract.ts';

it.each([
  ['proxies.create', 'Proxy added'],
  ['certificates.exportKey', 'Private key exported'],
  ['gateway.started', 'Gateway started'],
  ['strange.thing', 'strange.thing'],
])('says %s as %s', (what, words) => expect(whatText(what)).toBe(words));

it('has words for each call that is audited, and a kind for each of its groups', () => {
  const audited = Object.entries(contract).flatMap(([group, procedures]) =>
    Object.entries(procedures)
      .filter(([name, procedure]) => isAudited(`${group}.${name}`, procedure['~orpc'].route.method))
      .map(([name]) => `${group}.${name}`),
  );
  expect(audited.filter((what) => whatText(what) === what)).toEqual([]);
  expect(audited.filter((what) => kinds[what.split('.')[0] ?? ''] === undefined)).toEqual([]);
});
