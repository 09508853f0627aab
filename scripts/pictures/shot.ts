/** One picture of a page. */
import type { Page } from 'playwright-core';

export interface Shot {
  readonly name: string;
  readonly prepare: (page: Page) => Promise<unknown>;
}

export const go = (hash: string) => (page: Page) => page.evaluate((to) => location.assign(`#${to}`), hash);
