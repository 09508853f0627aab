import { expect, test } from 'vitest';
import { placeOnScreen } from '../../../main/electron/window-place.ts';

const main = { x: 0, y: 25, width: 1920, height: 1055 };
const right = { x: 1920, y: 0, width: 1280, height: 1024 };
const place = { x: 100, y: 100, width: 1280, height: 800, isMaximized: false };

test.each([
  ['stays where it is', place, [main, right], place],
  ['stays on the second screen', { ...place, x: 1920, y: 10 }, [main, right], { ...place, x: 1920, y: 10 }],
  ['comes back from a screen that is gone', { ...place, x: 2500, y: 10 }, [main], { ...place, x: 640, y: 25 }],
  [
    'comes back from above and from the left',
    { ...place, x: -5000, y: -5000 },
    [main, right],
    { ...place, x: 0, y: 25 },
  ],
  ['moves whole onto the screen that shows most of it', { ...place, x: 1800 }, [main, right], { ...place, x: 1920 }],
  ['is no larger than the screen', { ...place, width: 4000, height: 3000 }, [main], { ...main, isMaximized: false }],
  ['stays maximised', { ...place, x: 9999, isMaximized: true }, [main], { ...place, x: 640, isMaximized: true }],
  ['is left alone where no screen is known', place, [], place],
])('the window %s', (_what, before, areas, after) => {
  expect(placeOnScreen(before, areas)).toEqual(after);
});
