/** Real folders and sample configurations for the suites of the store. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Store } from '../../main/store/store.ts';
import { SluiceError } from '../../shared/errors.ts';
import { configOfRevision } from './sample-config.ts';

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Saves one configuration per revision. */
export function saveRevisions(store: Store, ...revisions: number[]): void {
  for (const revision of revisions) store.save(configOfRevision(revision));
}

/** Every file below a folder with its bytes: equal before and after means that nothing was changed. */
export function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, readFileSync(path, 'latin1')];
    }),
  );
}

/** The SluiceError that an action fails with. */
export function faultOf(action: () => unknown): SluiceError {
  try {
    action();
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}
