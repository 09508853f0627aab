import { expect, it } from 'vitest';
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
      .filter(([, procedure]) => procedure['~orpc'].route.method !== 'GET')
      .map(([name]) => `${group}.${name}`),
  );
  const harmless = ['proxies.test', 'proxies.testLive'];
  expect(audited.filter((what) => whatText(what) === what && !harmless.includes(what))).toEqual([]);
  expect(audited.filter((what) => kinds[what.split('.')[0] ?? ''] === undefined)).toEqual([]);
});
