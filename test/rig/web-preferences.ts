/** Refuses windows that would let a page reach more than it may. */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { checkOptions } from './checked.ts';
import { fault } from './desk.ts';

export interface WebPreferences {
  readonly preload?: string;
  readonly partition?: string;
  readonly session?: object;
  readonly [name: string]: unknown;
}

/** Electron's defaults are safe today; these are the values that are not. */
const unsafe: readonly (readonly [string, unknown])[] = [
  ['nodeIntegration', true],
  ['nodeIntegrationInWorker', true],
  ['nodeIntegrationInSubFrames', true],
  ['contextIsolation', false],
  ['sandbox', false],
  ['webSecurity', false],
  ['allowRunningInsecureContent', true],
  ['experimentalFeatures', true],
  ['webviewTag', true],
];

/** Throws for the first one that is unsafe or would not work. */
export function refuseUnsafe(preferences: WebPreferences = {}): void {
  checkOptions('WebPreferences', preferences);
  for (const [name, value] of unsafe) {
    if (preferences[name] === value) throw fault(`A window must not be opened with ${name}: ${value}.`);
  }
  for (const name of ['enableBlinkFeatures', 'additionalArguments']) {
    if (preferences[name] !== undefined) throw fault(`A window must not be opened with ${name}.`);
  }
  const { preload } = preferences;
  if (preload === undefined) return;
  if (!isAbsolute(preload) || !existsSync(preload)) throw fault(`There is no preload at ${preload}.`);
  if (!/\.c?js$/.test(preload)) throw fault(`A sandboxed preload must be CommonJS: ${preload}.`);
}
