import { expect, it } from 'vitest';
import { examinationText } from '../../../renderer/components/examination-text.ts';
import type { Finding } from '../../../shared/finding.ts';

const found = (...oks: Finding['ok'][]) => oks.map((ok) => ({ check: 'x', ok, message: 'It is so.', next: '' }));

it('says in one sentence whether this PC is ready', () => {
  expect(examinationText(found(true, true))).toBe('This PC is ready: clock, disk, rights and ports were checked.');
  expect(examinationText(found(true, null))).toBe('This PC is ready. One thing is worth knowing:');
  expect(examinationText(found(null, null, true))).toBe('This PC is ready. 2 things are worth knowing:');
  expect(examinationText(found(null, false))).toBe('One thing is not as it should be on this PC.');
  expect(examinationText(found(false, false, true))).toBe('2 things are not as they should be on this PC.');
});
