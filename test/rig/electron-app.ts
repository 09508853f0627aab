/** `app`: life and end of the application, its names, folders and switches. */
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { checked } from './checked.ts';
import { desk, fault } from './desk.ts';
import { emitEvent } from './event.ts';
import { readOptions } from './options.ts';
import { type SingleInstance, takeInstance } from './single-instance.ts';

export const options = readOptions();
export const appFolder: string = resolve(options.app ?? join(import.meta.dirname, '..', '..'));

interface Package {
  readonly name: string;
  readonly productName?: string;
  readonly version: string;
  readonly main: string;
}

export const appPackage = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8')) as Package;

/** With these a person, or a page, could go around what protects them. */
const unsafeSwitches =
  /^(no-sandbox|disable-web-security|disable-site-isolation-trials|ignore-certificate-errors|allow-running-insecure-content|remote-debugging-.*|js-flags|inspect.*)$/;

class CommandLine {
  readonly #switches = new Map<string, string>();

  appendSwitch(name: string, value = ''): void {
    if (unsafeSwitches.test(name)) throw fault(`The switch ${name} takes protection away.`);
    this.#switches.set(name, value);
  }
  hasSwitch(name: string): boolean {
    return this.#switches.has(name);
  }
  getSwitchValue(name: string): string {
    return this.#switches.get(name) ?? '';
  }
}

class App extends EventEmitter {
  readonly commandLine = checked(new CommandLine(), 'CommandLine');
  readonly isPackaged = options.isPackaged ?? false;
  /** Only macOS has one. */
  readonly dock = undefined;
  name = appPackage.productName ?? appPackage.name;
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<void>();
  #isReady = false;
  #isEnding = false;
  #instance: SingleInstance | undefined;
  /** Closes everything that the rig holds; set by its entry. */
  onExit: () => Promise<void> = async () => {};

  becomeReady(): void {
    this.#isReady = true;
    this.#ready.resolve();
    emitEvent(this, 'ready', {}, {});
  }

  isReady(): boolean {
    return this.#isReady;
  }
  whenReady(): Promise<void> {
    return this.#ready.promise;
  }
  /** Refuses what only works before the application is ready. */
  mustBeEarly(what: string): void {
    if (this.#isReady) throw fault(`${what} must be called before the application is ready.`);
  }

  getName(): string {
    return this.name;
  }
  setName(name: string): void {
    this.name = name;
  }
  getVersion(): string {
    return appPackage.version;
  }
  getAppPath(): string {
    return appFolder;
  }
  getLocale(): string {
    return 'en-GB';
  }
  setAppUserModelId(): void {}
  setAboutPanelOptions(): void {}
  showAboutPanel(): void {}
  enableSandbox(): void {
    this.mustBeEarly('app.enableSandbox');
  }

  getPath(name: string): string {
    const appData = process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
    const known: Record<string, string> = {
      home: homedir(),
      appData,
      userData: join(appData, this.name),
      sessionData: join(appData, this.name),
      temp: tmpdir(),
      exe: process.execPath,
      module: process.execPath,
      logs: join(appData, this.name, 'logs'),
      crashDumps: join(appData, this.name, 'Crashpad'),
    };
    const path = this.#paths.get(name) ?? known[name];
    if (path === undefined) throw fault(`The rig has no path '${name}'.`);
    return path;
  }
  setPath(name: string, path: string): void {
    if (!isAbsolute(path) || !existsSync(path)) throw fault(`app.setPath('${name}') needs a folder that exists.`);
    if (name === 'userData') this.mustBeEarly("app.setPath('userData')");
    this.#paths.set(name, path);
  }

  requestSingleInstanceLock(additionalData?: object): boolean {
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    this.#instance = takeInstance(folder, additionalData ?? {}, (second) => {
      emitEvent(this, 'second-instance', {}, second.argv, second.workingDirectory, second.additionalData);
    });
    return this.#instance.isFirst;
  }
  hasSingleInstanceLock(): boolean {
    return this.#instance?.isFirst ?? false;
  }
  releaseSingleInstanceLock(): void {
    this.#instance?.release();
  }

  setLoginItemSettings(settings: object): void {
    desk.loginItem = settings;
  }
  getLoginItemSettings(): object {
    return { openAtLogin: false, wasOpenedAtLogin: false, launchItems: [], ...desk.loginItem };
  }
  focus(): void {}
  hide(): void {}
  show(): void {}

  quit(): void {
    if (this.#isEnding || !emitEvent(this, 'before-quit')) return;
    for (const window of [...desk.windows]) {
      if (!window.closeUnlessKept()) return;
    }
    if (emitEvent(this, 'will-quit')) this.exit(0);
  }

  exit(code = 0): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    emitEvent(this, 'quit', {}, code);
    const leave = (): never => process.exit(code);
    Promise.allSettled([this.#instance?.told, this.onExit()]).then(leave, leave);
    this.#instance?.release();
  }
}

export const app = new App();
