import { describe, expect, test } from 'vitest';
import type { Condition } from '../../../main/electron/lasting-changes.ts';
import { notice } from '../../../main/electron/notice.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { NOW } from '../../support/sample-proxy.ts';
import { shownWith } from '../../support/shown.ts';

const refused = new SluiceError('TARGET_REFUSED', { address: '10.0.0.7', port: 502 }).info(NOW);

function noticeOf(conditions: readonly Condition[], names: readonly string[] = ['Pump', 'Press', 'Oven']) {
  const { state } = shownWith(
    conditions.map(() => ({ error: refused })),
    { names },
  );
  const changes = conditions.map((condition, index) => ({ proxy: `p${index}`, condition }));
  return notice(changes, state.proxies);
}

describe('a notification', () => {
  test('of one proxy says what happened and leads to it', () => {
    expect(noticeOf(['degraded'])).toEqual({
      title: 'Pump: degraded',
      body: '10.0.0.7 answered, but nothing is listening on port 502 there.',
      path: '/proxies/p0/edit',
    });
    expect(noticeOf(['well'])).toMatchObject({ title: 'Pump works again', path: '/proxies/p0/edit' });
  });

  test('of several is one, and leads to the list', () => {
    expect(noticeOf(['fault', 'waiting', 'retrying'])).toEqual({
      title: '3 proxies need you',
      body: 'Pump, Press, Oven',
      path: '/proxies',
    });
    expect(noticeOf(['well', 'well'])).toMatchObject({ title: '2 proxies work again', body: 'Pump, Press' });
    expect(noticeOf(['well', 'fault', 'fault'])).toMatchObject({
      title: '2 proxies need you',
      body: 'Press, Oven. Pump works again.',
    });
    expect(noticeOf(['fault', 'well', 'well'])).toMatchObject({
      title: '1 proxy needs you',
      body: 'Pump. Press, Oven work again.',
    });
  });

  test('shows hostile names as plain, short text', () => {
    const hostile = `<b><a href="http://evil">\u001b[31m\u202e\nX${'y'.repeat(300)}`;
    const { title, body } = noticeOf(['fault', 'fault'], [hostile, '👩‍🔧'.repeat(100)]);
    expect(title).toBe('2 proxies need you');
    expect(body).not.toMatch(/[<>\p{Cc}\u202e]/u);
    expect(body.isWellFormed()).toBe(true);
    expect([...body].length).toBeLessThanOrEqual(240);
    expect([...noticeOf(['fault'], [hostile]).title].length).toBeLessThanOrEqual(70);
  });

  test('names a proxy that is gone by its ID', () => {
    expect(notice([{ proxy: 'gone', condition: 'well' }], new Map()).title).toBe('gone works again');
  });
});
