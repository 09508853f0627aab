import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppTray } from '../../../main/electron/tray.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import { shownWith } from '../../support/shown.ts';

const { calls, listeners, electron } = vi.hoisted(() => {
  const calls: [method: string, value: unknown][] = [];
  const listeners = new Map<string, () => void>();
  class Tray {
    #isDestroyed = false;
    constructor(image: unknown) {
      calls.push(['new', image]);
    }
    on = (event: string, listener: () => void) => listeners.set(event, listener);
    setImage = (image: unknown) => calls.push(['image', image]);
    setToolTip = (text: string) => calls.push(['tooltip', text]);
    setContextMenu = (menu: unknown) => calls.push(['menu', menu]);
    isDestroyed = () => this.#isDestroyed;
    destroy = () => {
      this.#isDestroyed = true;
      calls.push(['destroy', undefined]);
    };
  }
  const electron = {
    Tray,
    Menu: { buildFromTemplate: (template: unknown) => template },
    nativeImage: { createFromPath: (path: string) => path.split('/').at(-1) },
  };
  return { calls, listeners, electron };
});
vi.mock('electron', () => electron);

const actions = { open: vi.fn(), stopAll: vi.fn(), quit: vi.fn() };
let tray: AppTray;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  calls.length = 0;
  tray = new AppTray(actions, '/images');
});
afterEach(() => {
  tray.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const methods = () => calls.map(([method]) => method);

interface Item {
  readonly label?: string;
  readonly enabled?: boolean;
  readonly click?: () => void;
}

function items(): Item[] {
  const last = calls.findLast(([method]) => method === 'menu');
  return (last?.[1] ?? []) as Item[];
}

function choose(label: string): void {
  items()
    .find((item) => item.label === label)
    ?.click?.();
}

test('opens, pauses, resumes and quits', () => {
  tray.show(shownWith([]));
  choose('Open Sluice');
  choose('Pause all');
  expect(actions.open).toHaveBeenCalledWith();
  expect(actions.stopAll).toHaveBeenLastCalledWith(true);
  tray.show(shownWith([], { settings: { ...defaultSettings, agents: [], stopped: true } }));
  choose('Resume all');
  expect(actions.stopAll).toHaveBeenLastCalledWith(false);
  choose('Quit');
  expect(actions.quit).toHaveBeenCalledOnce();
  listeners.get('click')?.();
  expect(actions.open).toHaveBeenCalledTimes(2);
});

test('cannot pause what cannot be asked', () => {
  expect(items().find(({ label }) => label === 'Pause all')?.enabled).toBe(false);
  tray.show(shownWith([]));
  expect(items().find(({ label }) => label === 'Pause all')?.enabled).toBe(true);
  tray.show(shownWith([], { presence: 'away' }));
  expect(items().find(({ label }) => label === 'Pause all')?.enabled).toBe(false);
});

test('changes only what looks different', () => {
  tray.show(shownWith([{ state: 'fault' }]));
  expect(calls).toContainEqual(['image', 'tray-fault.png']);
  calls.length = 0;
  tray.show(shownWith([{ state: 'fault', bytes: { received: 9, sent: 9 } }]));
  expect(calls).toEqual([]);
  tray.show(shownWith([{ state: 'fault' }, { state: 'listening' }]));
  expect(methods()).toEqual(['tooltip']);
});

test('is calm again when no more bytes pass, though nobody says so', () => {
  tray.show(shownWith([{ lastActivity: Date.now() }]));
  expect(calls).toContainEqual(['image', 'tray-active.png']);
  vi.advanceTimersByTime(11_000);
  expect(calls).toContainEqual(['image', 'tray-calm.png']);
});

test('is gone once, and shows nothing more', () => {
  tray.close();
  tray.close();
  calls.length = 0;
  tray.show(shownWith([{ state: 'fault' }]));
  expect(calls).toEqual([]);
});
