import type { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Preferences } from '../../../main/electron/preferences.ts';
import { MainWindow } from '../../../main/electron/window.ts';
import type { WindowPlace } from '../../../main/electron/window-place.ts';

const { windows, answers, electron } = await vi.hoisted(async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  const windows: BrowserWindow[] = [];
  const answers: number[] = [];
  class BrowserWindow extends Emitter {
    readonly webContents = new Emitter();
    readonly calls: string[] = [];
    isGone = false;
    constructor() {
      super();
      windows.push(this);
    }
    getNormalBounds = () => ({ x: 1, y: 2, width: 800, height: 600 });
    isMaximized = () => this.calls.includes('maximize');
    isMinimized = () => false;
    isDestroyed = () => this.isGone;
    show = () => this.calls.push('show');
    hide = () => this.calls.push('hide');
    focus = () => this.calls.push('focus');
    maximize = () => this.calls.push('maximize');
    reload = () => this.calls.push('reload');
    destroy = () => this.calls.push('destroy');
    loadURL = async () => {};
  }
  const showMessageBox = async () => ({ response: answers.shift() });
  const electron = { app: {}, BrowserWindow, dialog: { showMessageBox }, nativeTheme: {}, protocol: {} };
  return { windows, answers, electron };
});
vi.mock('electron', () => electron);

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn() };
let kept: WindowPlace[];
let place: WindowPlace | undefined;
let main: MainWindow;

beforeEach(() => {
  windows.length = 0;
  kept = [];
  place = undefined;
  const preferences = {
    get place() {
      return place;
    },
    keepPlace: (now: WindowPlace) => kept.push(now),
  };
  main = new MainWindow(preferences as unknown as Preferences, log);
});

const crash = (window: { readonly webContents: EventEmitter } | undefined) =>
  window?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });

describe('the window', () => {
  test('is not shown before it has something to show, also where it was maximised', () => {
    place = { x: 0, y: 0, width: 900, height: 700, isMaximized: true };
    main.open();
    expect(windows[0]?.calls).toEqual([]);
    windows[0]?.emit('ready-to-show');
    expect(windows[0]?.calls).toEqual(['maximize', 'show']);
  });

  test('keeps its place when it is closed, and when the application ends with it open', () => {
    main.open();
    windows[0]?.emit('close');
    windows[0]?.emit('closed');
    main.open();
    main.end();
    expect(kept).toEqual(Array(2).fill({ x: 1, y: 2, width: 800, height: 600, isMaximized: false }));
    expect(windows[1]?.calls).toEqual(['hide']);
  });

  test('stays out of sight once the application ends', () => {
    main.end();
    main.open();
    expect(windows).toEqual([]);
  });

  test('loads a crashed page again, but only when the crash is over', async () => {
    main.open();
    crash(windows[0]);
    expect(windows[0]?.calls).toEqual([]);
    await nextTurn();
    expect(windows[0]?.calls).toEqual(['reload']);
  });

  test('leaves a window alone that was closed by its crash', async () => {
    main.open();
    crash(windows[0]);
    if (windows[0]) windows[0].isGone = true;
    await nextTurn();
    expect(windows[0]?.calls).toEqual([]);
  });

  test('asks a person when its page keeps crashing', async () => {
    main.open();
    answers.push(1);
    for (let crashes = 0; crashes < 6; crashes++) {
      crash(windows[0]);
      await nextTurn();
    }
    expect(windows[0]?.calls).toEqual([...Array(5).fill('reload'), 'destroy']);
  });
});
