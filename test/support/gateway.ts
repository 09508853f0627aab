/** A real gateway on a temporary data folder, without HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gateway } from '../../main/app.ts';
import { silentLog } from './engine.ts';
import { type Doors, prepareFolder } from './hub-folder.ts';

export interface TestGateway {
  readonly gateway: Gateway;
  readonly folder: string;
  /** Stops it and removes the folder. */
  stop(): Promise<void>;
}

export async function startGateway(
  folder = mkdtempSync(join(tmpdir(), 'sluice-gateway-')),
  options: { readonly start?: boolean; readonly doors?: Doors } = {},
): Promise<TestGateway> {
  prepareFolder(folder, options.doors);
  const gateway = new Gateway({ folder, host: 'headless', version: '0.0.0', log: silentLog });
  if (options.start ?? true) await gateway.start();
  return {
    gateway,
    folder,
    stop: async () => {
      await gateway.stop({ deadlineMs: 0 });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
