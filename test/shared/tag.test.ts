import { expect, it } from 'vitest';
import { tags, tagsInUse, tagsOf } from '../../shared/tag.ts';

it.each([[['Hall-2', 'water', 'größe_3']], [[]]])('takes short words: %j', (list) =>
  expect(tags.parse(list)).toEqual(list),
);

it.each([
  [['two words'], 'Use 1 to 24 letters, digits, hyphens, dots or underscores.'],
  [[''], 'Use 1 to 24 letters, digits, hyphens, dots or underscores.'],
  [['a\u202eb'], 'Use 1 to 24 letters, digits, hyphens, dots or underscores.'],
  [['Hall', 'hall'], 'Use each tag once.'],
  [[...'abcdefghi'], 'Use at most 8 tags.'],
])('refuses %j', (list, message) => {
  expect(tags.safeParse(list).error?.issues.map((issue) => issue.message)).toEqual([message]);
});

it('reads them from a text and lists those in use', () => {
  expect(tagsOf(' hall-2, water;plc ')).toEqual(['hall-2', 'water', 'plc']);
  expect(tagsInUse([{ tags: ['b', 'a10'] }, {}, { tags: ['a9', 'b'] }])).toEqual(['a9', 'a10', 'b']);
});
