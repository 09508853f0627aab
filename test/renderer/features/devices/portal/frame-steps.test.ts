import { expect, it } from 'vitest';
import { FrameSteps } from '../../../../../renderer/features/devices/portal/frame-steps.ts';

/** The history of a browser that has one for the page and its frame. */
class Browser {
  length: number;
  readonly steps: FrameSteps;

  constructor(length = 4) {
    this.length = length;
    this.steps = new FrameSteps(length);
    this.#load();
    this.#load();
  }

  #load(): void {
    this.steps.loaded(this.length);
  }

  /** The page in the frame goes on, by a link. */
  follow(): void {
    this.length = Math.min(50, this.length + 1 - this.steps.forward);
    this.#load();
  }

  /** One of our own buttons. */
  press(by: 1 | -1): void {
    this.steps.stepped(by);
    this.#load();
  }

  reopen(): void {
    this.steps.reopened();
    this.#load();
    this.#load();
  }

  get ways(): [back: number, forward: number] {
    return [this.steps.back, this.steps.forward];
  }
}

it('knows of no step when a portal was just opened', () => {
  const browser = new Browser();
  expect(browser.ways).toEqual([0, 0]);
  browser.reopen();
  expect(browser.ways).toEqual([0, 0]);
});

it('counts the steps of the page, and goes through them', () => {
  const browser = new Browser();
  browser.follow();
  browser.follow();
  expect(browser.ways).toEqual([2, 0]);
  browser.press(-1);
  expect(browser.ways).toEqual([1, 1]);
  browser.press(1);
  expect(browser.ways).toEqual([2, 0]);
});

it('sees steps of pages that change without a load', () => {
  const browser = new Browser();
  browser.length += 1;
  browser.steps.looked(browser.length);
  expect(browser.ways).toEqual([1, 0]);
});

it('forgets what was ahead when the page takes another way', () => {
  const browser = new Browser();
  for (let at = 0; at < 3; at += 1) browser.follow();
  browser.press(-1);
  browser.steps.looked(browser.length + 1);
  expect(browser.steps.forward).toBe(0);
});

it('takes a redirect of the page, which adds no step, for none', () => {
  const browser = new Browser();
  browser.steps.loaded(browser.length);
  expect(browser.ways).toEqual([0, 0]);
});

it('counts loads where the history is as long as browsers keep it', () => {
  const browser = new Browser(50);
  expect(browser.ways).toEqual([0, 0]);
  browser.follow();
  expect(browser.ways).toEqual([1, 0]);
});

it('offers no way that turned out not to be there', () => {
  const browser = new Browser();
  browser.follow();
  browser.follow();
  browser.steps.stepped(-1);
  browser.steps.missed(-1);
  expect(browser.ways).toEqual([0, 0]);
  browser.follow();
  browser.press(-1);
  browser.steps.stepped(1);
  browser.steps.missed(1);
  expect(browser.ways).toEqual([0, 0]);
});
