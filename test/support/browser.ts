/** A real Chromium on the page of a running program, and a record of everything the page complained about. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/ensure.mjs';
import { browserFlags } from './browser-flags.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export type Theme = 'light' | 'dark' | 'sunlight';

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
  readonly touch?: boolean;
}

export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors and warnings, uncaught errors, and refusals of the content security policy. */
  readonly complaints: string[];
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findBrowser(), headless: true, args: browserFlags });
}

/** Opens an address in a fresh profile. */
export async function openPage(browser: Browser, address: string, options: OpenOptions = {}): Promise<OpenPage> {
  const { width = 1440, height = 900, theme = 'light', touch = false } = options;
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', locale: 'en-GB' });
  await context.addInitScript((appearance) => localStorage.setItem('sluice.appearance', JSON.stringify(appearance)), {
    theme,
    isTouch: touch,
    isRailOpen: true,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  noteComplaints(page, complaints);
  await page.goto(address);
  return { page, context, complaints };
}

/** Adds what the page complains about from now on. */
export function noteComplaints(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
}

/** Serious and critical faults that axe finds in the page as it stands, in words. */
export async function seriousFaults(page: Page, rules?: readonly string[]): Promise<string[]> {
  // The policy forbids inline scripts, as it should; the driver brings axe in beside it.
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as {
      axe: {
        run: (options: object) => Promise<{
          violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    return (await axe.run({ resultTypes: ['violations'], ...(runOnly && { runOnly }) })).violations;
  }, rules);
  return violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map(
      (violation) =>
        `${violation.id}: ${violation.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`,
    );
}
