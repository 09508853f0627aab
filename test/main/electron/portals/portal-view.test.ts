import { EventEmitter } from 'node:events';
import type { BrowserWindow, Session } from 'electron';
import { expect, it, vi } from 'vitest';

/** As Electron's: its contents are gone from it once they are destroyed. */
class StandInView {
  webContents: unknown = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: vi.fn(),
    setWebRTCIPHandlingPolicy: vi.fn(),
    loadURL: async () => {},
    isDestroyed: () => this.webContents === undefined,
  });
  setVisible = vi.fn();
  setBackgroundColor = vi.fn();
}

vi.mock('electron', () => ({
  app: {},
  BrowserWindow: class {},
  WebContentsView: function WebContentsView() {
    return new StandInView();
  },
  session: {},
  shell: {},
  dialog: {},
}));

const { clipped, PortalView } = await import('../../../../main/electron/portals/portal-view.ts');

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

it('says that a page is gone that closed itself, and touches it no more', () => {
  const shown: StandInView[] = [];
  const contentView = { addChildView: (view: StandInView) => shown.push(view), removeChildView: () => shown.pop() };
  const tell = vi.fn();
  const view = new PortalView({
    window: { contentView, isDestroyed: () => false } as unknown as BrowserWindow,
    session: {} as Session,
    ticket: 'http://hmi.sluice.localhost:7431/.sluice/open?ticket=1',
    log: { error: vi.fn(), warn: vi.fn(), info: vi.fn() },
    tell,
  });
  const [its] = shown;
  const contents = its?.webContents as EventEmitter;
  if (its) its.webContents = undefined;
  contents.emit('destroyed');
  expect(tell).toHaveBeenCalledWith(expect.objectContaining({ type: 'state', trouble: 'failed' }));
  expect(shown).toEqual([]);
  view.place({ area: { x: 0, y: 0, width: 10, height: 10 }, zoom: 1 });
  view.act('reload');
  view.close();
});
