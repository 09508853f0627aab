/** The parts list of the desktop application: gateway or service, page, window, tray, and how all of it ends. */
import { app, dialog, type Event, nativeTheme, powerMonitor, session } from 'electron';
import type { DesktopPreferences, DesktopView } from '../../shared/desktop.ts';
import type { Logger } from '../engine/port-server.ts';
import { pagesFolder } from '../host/place.ts';
import { PageFiles } from '../pages/page-files.ts';
import { setAppMenu } from './app-menu.ts';
import { desktopRouter } from './desktop-router.ts';
import type { Wish } from './flags.ts';
import type { GatewayAccess } from './gateway-access.ts';
import { GatewayWatch } from './gateway-watch.ts';
import { guardSession } from './guards.ts';
import { setStartsAtLogin } from './login-item.ts';
import { Notifier } from './notifier.ts';
import { PortalDesk } from './portals/portal-desk.ts';
import { PowerGuard } from './power.ts';
import type { Preferences } from './preferences.ts';
import { mayQuit } from './quit.ts';
import { RpcPorts } from './rpc-port.ts';
import { servePages } from './scheme.ts';
import { AppTray, type ShellActions } from './tray.ts';
import { MainWindow } from './window.ts';

export interface DesktopOptions {
  readonly preferences: Preferences;
  readonly access: GatewayAccess;
  readonly log: Logger;
}

export class Desktop {
  readonly #preferences: Preferences;
  readonly #access: GatewayAccess;
  readonly #log: Logger;
  readonly #window: MainWindow;
  readonly #watch: GatewayWatch;
  readonly #ports: RpcPorts;
  readonly #portals: PortalDesk;
  readonly #tray: AppTray;
  readonly #notifier: Notifier;
  readonly #power = new PowerGuard();
  #isAsking = false;
  #isEnding = false;

  /** Shows everything but the window. Electron is ready. */
  constructor({ preferences, access, log }: DesktopOptions) {
    this.#preferences = preferences;
    this.#access = access;
    this.#log = log;
    const actions: ShellActions = {
      open: (path) => this.#window.open(path),
      stopAll: (stopped) => this.#stopAll(stopped),
      quit: () => app.quit(),
    };
    guardSession(session.defaultSession);
    servePages(session.defaultSession, new PageFiles(pagesFolder, { host: 'desktop' }));
    this.#showTheme(preferences.view);
    this.#portals = new PortalDesk({ window: () => this.#window.present, log });
    this.#window = new MainWindow(preferences, log, () => this.#portals.windowClosed());
    this.#tray = new AppTray(actions, import.meta.dirname);
    this.#notifier = new Notifier({ actions, isWanted: () => preferences.view.notifies });
    this.#watch = new GatewayWatch(access, log, (shown) => {
      this.#tray.show(shown);
      this.#notifier.follow(shown);
      this.#portals.follow(shown.state);
      // A service keeps this PC awake by its own means.
      this.#power.follow(access.service ? 0 : shown.pipes);
    });
    const parts = {
      view: () => this.#view(),
      update: (change: Partial<DesktopPreferences>) => this.#update(change),
      portals: this.#portals,
    };
    this.#ports = new RpcPorts({ access, desktop: (client) => desktopRouter(parts, client, log), log });
    this.#ports.start();
    this.#watch.start();
    setAppMenu(actions);
    app.on('activate', () => this.#window.open());
    // Without a listener Electron would quit; proxies go on without a window.
    app.on('window-all-closed', () => {});
    app.on('before-quit', (event) => {
      event.preventDefault();
      this.#quit().catch((err: unknown) => log.error({ err }, 'Sluice could not ask before it quits.'));
    });
    // The system waits for an application that asks for it, until it exits. The declarations do not know of the event.
    powerMonitor.on('shutdown', (event?: Event) => {
      event?.preventDefault();
      this.end(0);
    });
  }

  /** What was wished by the start of the application, or by starting it once more. */
  show({ isHidden, bundle }: Wish): void {
    if (!isHidden) this.#window.open();
    if (bundle === undefined || this.#isEnding) return;
    const message = 'This version of Sluice does not import site bundles.';
    dialog
      .showMessageBox({ type: 'info', message, detail: bundle, buttons: ['Close'] })
      .catch((err: unknown) => this.#log.error({ err }, message));
  }

  /** Ends everything gently, without asking. May be called twice. */
  end(code: number): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#close().then(
      () => app.exit(code),
      (err: unknown) => {
        this.#log.error({ err }, 'Sluice could not stop gently.');
        app.exit(1);
      },
    );
  }

  async #quit(): Promise<void> {
    if (this.#isAsking || this.#isEnding) return;
    this.#isAsking = true;
    const pipes = this.#access.service ? 0 : this.#watch.shown.pipes;
    const isMeant = await mayQuit(pipes, this.#window.present).finally(() => {
      this.#isAsking = false;
    });
    if (isMeant) this.end(0);
    else this.#window.present?.close();
  }

  async #close(): Promise<void> {
    this.#notifier.close();
    this.#window.end();
    this.#portals.close();
    this.#watch.stop();
    await this.#access.stop();
    this.#ports.stop();
    this.#power.close();
    this.#tray.close();
  }

  #stopAll(stopped: boolean): void {
    const asked = this.#watch.client?.settings.stopAll({ stopped });
    asked?.catch((err: unknown) => {
      this.#log.error({ err }, 'Proxies could not be paused or resumed.');
      const what = stopped ? 'Proxies could not be paused' : 'Proxies could not be resumed';
      dialog.showErrorBox(what, err instanceof Error ? err.message : String(err));
    });
  }

  #view(): DesktopView {
    return { preferences: this.#preferences.view, service: this.#access.service };
  }

  #update(change: Partial<DesktopPreferences>): DesktopView {
    if (change.startsAtLogin !== undefined) setStartsAtLogin(change.startsAtLogin);
    this.#showTheme(this.#preferences.update(change));
    return this.#view();
  }

  /** Sunlight is a theme of the page; for the system it is a light one. */
  #showTheme({ theme }: DesktopPreferences): void {
    nativeTheme.themeSource = theme === 'sunlight' ? 'light' : theme;
  }
}
