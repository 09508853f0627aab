/** The desktop application: Electron's main process. Decides whose window this is, then hands over to its parts list. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { asSluiceError, SluiceError } from '../../shared/errors.ts';
import type { Logger } from '../engine/port-server.ts';
import { exitCodeOf } from '../host/exit-code.ts';
import { createLog } from '../host/log.ts';
import { defaultControl } from '../host/run-gateway.ts';
import { unusable } from '../host/running-gateway.ts';
import { whenEnded } from '../host/when-ended.ts';
import { tokenFile } from '../store/control-file.ts';
import { dataFolderPath } from '../store/data-folder.ts';
import { diskReason } from '../store/durable-file.ts';
import { Desktop } from './desktop.ts';
import { DesktopStore } from './desktop-store.ts';
import { type Flags, readFlags, type Wish, wishSchema } from './flags.ts';
import type { GatewayAccess } from './gateway-access.ts';
import { GatewayHere } from './gateway-here.ts';
import { findGateway, findService, GatewayService } from './gateway-service.ts';
import { guardPages } from './guards.ts';
import { systemKeyStore } from './key-store.ts';
import { wasStartedAtLogin } from './login-item.ts';
import { Preferences } from './preferences.ts';
import { registerScheme } from './scheme.ts';

const flags = readFlags(process.argv.slice(app.isPackaged ? 1 : 2));
const folder = dataFolderPath(flags.data);
const ownFolder = join(folder, 'desktop');

app.setName('Sluice');
app.setAppUserModelId('io.sluice.desktop');
app.enableSandbox();
registerScheme();

if (takeFolder()) run(createLog({ json: flags.isForPrograms, folder: join(folder, 'logs') }));

/** Chromium keeps its own things there; one application per data folder hangs on it, too. False where this one is to end. */
function takeFolder(): boolean {
  try {
    mkdirSync(ownFolder, { recursive: true, mode: 0o700 });
    app.setPath('userData', ownFolder);
    const isFirst = app.requestSingleInstanceLock({ isHidden: flags.isHidden, bundle: flags.bundle } satisfies Wish);
    if (!isFirst) app.exit(0);
    return isFirst;
  } catch (cause) {
    giveUp(unusable(folder, diskReason(cause), cause), createLog({ json: flags.isForPrograms }));
    return false;
  }
}

function giveUp(thrown: unknown, log: Logger): void {
  const { message, next } = asSluiceError(thrown);
  log.error({ err: thrown }, 'Sluice could not start.');
  if (!flags.isForPrograms) dialog.showErrorBox('Sluice could not start', `${message}\n\n${next}`);
  app.exit(exitCodeOf(thrown));
}

function run(log: Logger): void {
  guardPages(log);
  let desktop: Desktop | undefined;
  let wished: Wish = flags;
  const wish = (next: Wish): void => {
    if (desktop) desktop.show(next);
    else wished = next;
  };
  app.on('second-instance', (_event, _args, _folder, data) => wish(wishSchema.parse(data)));
  // How macOS hands a file over, also at the start.
  app.on('open-file', (event, bundle) => {
    event.preventDefault();
    wish({ isHidden: false, bundle });
  });
  start().catch((thrown: unknown) => giveUp(thrown, log));

  async function start(): Promise<void> {
    await app.whenReady();
    // Not earlier: Electron takes the signals for itself just before it is ready, and would ask a person.
    whenEnded(log).then(
      (code) => (desktop ? desktop.end(code) : app.exit(code)),
      () => app.exit(1),
    );
    const preferences = new Preferences(ownFolder);
    const access = await reach(flags, preferences);
    desktop = new Desktop({ preferences, access, log });
    desktop.show(wasStartedAtLogin() ? { ...wished, isHidden: true } : wished);
    if (flags.isForPrograms) process.stdout.write(`${readyLine(access)}\n`);
  }

  /** The gateway that runs already on this folder or for the whole PC, else one of our own. */
  async function reach({ data, control }: Flags, preferences: Preferences): Promise<GatewayAccess> {
    const isAsked = data !== undefined || process.env.SLUICE_DATA !== undefined;
    const found = (await findGateway(folder)) ?? (isAsked ? undefined : await findService());
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
