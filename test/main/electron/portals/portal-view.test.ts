import { expect, it, vi } from 'vitest';

vi.mock('electron', () => ({
  app: {},
  BrowserWindow: class {},
  WebContentsView: class {},
  session: {},
  shell: {},
  dialog: {},
}));

const { clipped } = await import('../../../../main/electron/portals/portal-view.ts');

const window = { width: 1440, height: 900 };

it.each([
  [
    'as the page measured it',
    { x: 72, y: 186, width: 952, height: 414 },
    1,
    { x: 72, y: 186, width: 952, height: 414 },
  ],
  [
    'in the pixels of a window at 150 %',
    { x: 48, y: 100, width: 400, height: 300 },
    1.5,
    { x: 72, y: 150, width: 600, height: 450 },
  ],
  [
    'within the window',
    { x: 1400, y: 800, width: 30_000, height: 30_000 },
    1,
    { x: 1400, y: 800, width: 40, height: 100 },
  ],
  [
    'with no size outside of it',
    { x: 5000, y: 5000, width: 10, height: 10 },
    1,
    { x: 1440, y: 900, width: 0, height: 0 },
  ],
])('lies %s', (_how, area, factor, place) => {
  expect(clipped(area, factor, window)).toEqual(place);
});
