import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Notifier } from '../../../main/electron/notifier.ts';
import { shownWith } from '../../support/shown.ts';

const electron = vi.hoisted(() => {
  class StandIn {
    static all: StandIn[] = [];
    static isSupported = () => true;
    readonly words: { title: string; body: string };
    readonly listeners = new Map<string, () => void>();
    isShown = false;
    isClosed = false;
    constructor(words: { title: string; body: string }) {
      this.words = words;
      StandIn.all.push(this);
    }
    on(event: string, listener: () => void): void {
      this.listeners.set(event, listener);
    }
    show(): void {
      this.isShown = true;
    }
    close(): void {
      this.isClosed = true;
    }
  }
  return { Notification: StandIn };
});
vi.mock('electron', () => electron);

const { Notification } = electron;
const actions = { open: vi.fn(), stopAll: vi.fn(), quit: vi.fn() };
const well = { state: 'listening' } as const;
const fault = { state: 'fault' } as const;
let isWanted: boolean;
let notifier: Notifier;

beforeEach(() => {
  vi.useFakeTimers();
  Notification.all = [];
  isWanted = true;
  notifier = new Notifier({ actions, isWanted: () => isWanted });
});
afterEach(() => {
  notifier.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const titles = () => Notification.all.filter(({ isShown }) => isShown).map(({ words }) => words.title);

test('tells what lasts without another event, and of recovery later', () => {
  notifier.follow(shownWith([well]));
  notifier.follow(shownWith([fault]));
  vi.advanceTimersByTime(11_000);
  expect(titles()).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(titles()).toEqual(['p0: fault']);
  notifier.follow(shownWith([well]));
  vi.advanceTimersByTime(302_000);
  expect(titles()).toEqual(['p0: fault', 'p0 works again']);
});

test('is calm where all is well, and where proxies are switched off or start', () => {
  notifier.follow(shownWith([well, { state: 'disabled' }, { state: 'starting' }]));
  expect(vi.getTimerCount()).toBe(0);
});

test('does not speak while the gateway is away', () => {
  notifier.follow(shownWith([fault]));
  vi.advanceTimersByTime(5000);
  notifier.follow(shownWith([fault], { presence: 'away' }));
  vi.advanceTimersByTime(60_000);
  expect(titles()).toEqual([]);
  notifier.follow(shownWith([fault]));
  vi.advanceTimersByTime(12_000);
  expect(titles()).toEqual(['p0: fault']);
});

test('says nothing that is not wanted, then or later', () => {
  isWanted = false;
  notifier.follow(shownWith([fault]));
  vi.advanceTimersByTime(20_000);
  isWanted = true;
  notifier.follow(shownWith([fault]));
  vi.advanceTimersByTime(600_000);
  expect(Notification.all).toEqual([]);
});

test('a click opens the page of the proxy', () => {
  notifier.follow(shownWith([fault]));
  vi.advanceTimersByTime(12_000);
  Notification.all[0]?.listeners.get('click')?.();
  expect(actions.open).toHaveBeenLastCalledWith('/proxies/p0/edit');
});

test('takes back what it has shown when it is closed, and speaks no more', () => {
  notifier.follow(shownWith([fault, well]));
  vi.advanceTimersByTime(12_000);
  notifier.follow(shownWith([fault, fault]));
  notifier.close();
  notifier.close();
  vi.advanceTimersByTime(600_000);
  expect(Notification.all.map(({ isClosed }) => isClosed)).toEqual([true]);
});
