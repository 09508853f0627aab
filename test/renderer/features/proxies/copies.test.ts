import { expect, it } from 'vitest';
import { freshId, proposeId } from '../../../../renderer/components/fresh-id.ts';
import { copyName } from '../../../../renderer/features/proxies/copies.ts';

it('numbers a copy, past the numbers that are taken', () => {
  expect(freshId('plc', new Set(['plc']))).toBe('plc-2');
  expect(freshId('plc-2', new Set(['plc', 'plc-2']))).toBe('plc-3');
});

it('keeps an ID within 32 characters', () => {
  const id = freshId('x'.repeat(32), new Set());
  expect(id).toHaveLength(32);
  expect(id.endsWith('-2')).toBe(true);
});

it('proposes an ID from a name', () => {
  expect(proposeId('Energy meter, main feed', new Set())).toBe('energy-meter-main-feed');
  expect(proposeId('Büro / Écran', new Set())).toBe('buro-ecran');
  expect(proposeId('PLC', new Set(['plc']))).toBe('plc-2');
  expect(proposeId('水泵', new Set())).toBe('');
});

it('names a copy within 255 characters', () => {
  expect(copyName('Pump PLC')).toBe('Pump PLC copy');
  expect(copyName('x'.repeat(255))).toHaveLength(255);
});
