import { expect, it } from 'vitest';
import { IdMap } from '../../../main/engine/id-map.ts';

it('finds, lists and forgets as a Map does, whatever comes and goes', () => {
  const map = new IdMap<string>();
  const model = new Map<string, string>();
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let number = 1; number <= 5000; number++) {
    map.set(`p${number}`, `v${number}`);
    model.set(`p${number}`, `v${number}`);
    while (random(3) === 0) {
      const id = `p${1 + random(number)}`;
      expect(map.delete(id)).toBe(model.delete(id));
    }
    if (number % 500 === 0) {
      expect([...map.values()]).toEqual([...model.values()]);
      expect(map.first).toBe([...model.values()][0]);
    }
  }
  expect(map.size).toBe(model.size);
  for (let number = 1; number <= 5000; number++) expect(map.get(`p${number}`)).toBe(model.get(`p${number}`));
});

it('keeps the order of ids that come late', () => {
  const map = new IdMap<string>();
  for (const id of ['p1', 'p5', 'p9', 'p3', 'p7']) map.set(id, id);
  map.deleteFirst();
  map.set('p2', 'p2');
  expect([...map.values()]).toEqual(['p2', 'p3', 'p5', 'p7', 'p9']);
  expect(map.first).toBe('p2');
});

it('knows nothing of what is no id', () => {
  const map = new IdMap<string>();
  map.set('p1', 'one');
  expect(map.get('nobody')).toBeUndefined();
  expect(map.delete('')).toBe(false);
  map.deleteFirst();
  map.deleteFirst();
  expect(map.size).toBe(0);
});
