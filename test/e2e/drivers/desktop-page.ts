/** Makes the page of a desktop window ready for a spec: size, theme, and what it complains about. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { noteComplaints, type OpenOptions, type Theme } from '../../support/browser.ts';
import { waitFor } from '../../support/wait.ts';

const words: Record<Theme, string> = { light: 'Light', dark: 'Dark', sunlight: 'Sunlight' };

export class DesktopPage {
  readonly #folder: string;
  #theme: Theme | undefined;

  /** @param folder  of the data */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param complaints  from before Playwright saw the page */
  async open(
    page: Page,
    complaints: string[],
    options: OpenOptions = {},
  ): Promise<{ page: Page; complaints: string[] }> {
    const { width = 1440, height = 900, theme, touch = false } = options;
    noteComplaints(page, complaints);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    if (theme !== undefined && theme !== this.#theme) await this.#choose(page, theme);
    await this.#setTouch(page, touch);
    return { page, complaints };
  }

  /** As a person does it; the application keeps it. */
  async #choose(page: Page, theme: Theme): Promise<void> {
    await page.getByText('Engine running').waitFor();
    await this.#pick(page, 'menuitemradio', words[theme]);
    const file = join(this.#folder, 'desktop', 'preferences.json');
    await waitFor(() => JSON.parse(readFileSync(file, 'utf8')).theme === theme, `the theme ${theme} to be kept`);
    this.#theme = theme;
  }

  async #setTouch(page: Page, touch: boolean): Promise<void> {
    const density = touch ? 'touch' : 'comfortable';
    if ((await page.locator('html').getAttribute('data-density')) === density) return;
    await this.#pick(page, 'menuitemcheckbox', 'Touch mode');
    await page.locator(`html[data-density=${density}]`).waitFor();
  }

  async #pick(page: Page, role: 'menuitemradio' | 'menuitemcheckbox', name: string): Promise<void> {
    await page.getByRole('button', { name: 'View' }).click();
    await page.getByRole(role, { name, exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
  }
}
