/** The desktop application: Electron's main process. Decides whose window this is, then hands over to its parts list. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { asSluiceError, SluiceError } from '../../shared/errors.ts';
import { exitCodeOf } from '../host/exit-code.ts';
import { createLog } from '../host/log.ts';
import { defaultControl } from '../host/run-gateway.ts';
import { whenEnded } from '../host/when-ended.ts';
import { tokenFile } from '../store/control-file.ts';
import { dataFolderPath, machineFolderPath } from '../store/data-folder.ts';
import { Desktop } from './desktop.ts';
import { DesktopStore } from './desktop-store.ts';
import { type Flags, readFlags } from './flags.ts';
import type { GatewayAccess } from './gateway-access.ts';
import { GatewayHere } from './gateway-here.ts';
import { findGateway, GatewayService } from './gateway-service.ts';
import { guardPages } from './guards.ts';
import { systemKeyStore } from './key-store.ts';
import { Preferences } from './preferences.ts';
import { registerScheme } from './scheme.ts';

const flags = readFlags(process.argv.slice(app.isPackaged ? 1 : 2));
const folder = dataFolderPath(flags.data);
const ownFolder = join(folder, 'desktop');

app.setName('Sluice');
app.setAppUserModelId('io.sluice.desktop');
app.enableSandbox();
registerScheme();
mkdirSync(folder, { recursive: true, mode: 0o700 });
mkdirSync(ownFolder, { recursive: true, mode: 0o700 });
// Chromium keeps its own things here; one application per data folder hangs on it, too.
app.setPath('userData', ownFolder);

if (app.requestSingleInstanceLock()) run();
else app.exit(0);

function run(): void {
  const log = createLog({ json: flags.isForPrograms, folder: join(folder, 'logs') });
  guardPages(log);
  let desktop: Desktop | undefined;
  whenEnded(log).then(
    (code) => (desktop ? desktop.end(code) : app.exit(code)),
    () => app.exit(1),
  );
  start()
    .then((started) => {
      desktop = started;
    })
    .catch((thrown: unknown) => {
      const { message, next } = asSluiceError(thrown);
      log.error({ err: thrown }, 'Sluice could not start.');
      if (!flags.isForPrograms) dialog.showErrorBox('Sluice could not start', `${message}\n\n${next}`);
      app.exit(exitCodeOf(thrown));
    });

  async function start(): Promise<Desktop> {
    await app.whenReady();
    const preferences = new Preferences(ownFolder);
    const access = await reach(flags, preferences);
    const started = new Desktop({ flags, preferences, access, log });
    if (flags.isForPrograms) process.stdout.write(`${readyLine(access)}\n`);
    return started;
  }

  /** The gateway that runs already on this folder or for the whole PC, else one of our own. */
  async function reach({ data, control }: Flags, preferences: Preferences): Promise<GatewayAccess> {
    const isAsked = data !== undefined || process.env.SLUICE_DATA !== undefined;
    const found = (await findGateway(folder)) ?? (isAsked ? undefined : await findGateway(machineFolderPath()));
    if (found) {
      log.info({ ...found }, 'This window shows a gateway that runs already.');
      return new GatewayService(found, preferences);
    }
    const keyProtector = systemKeyStore();
    const controls = control ? ([control] as const) : ([defaultControl, { ...defaultControl, port: 0 }] as const);
    const notices = keyProtector ? [] : [new SluiceError('KEY_STORE_MISSING')];
    return await GatewayHere.start({ folder, controls, log, ConfClass: DesktopStore, keyProtector, notices });
  }
}

function readyLine(access: GatewayAccess): string {
  const url = access instanceof GatewayHere ? access.running.url : access.service?.url;
  return JSON.stringify({ event: 'ready', url, tokenFile: tokenFile(access.service?.folder ?? folder) });
}
