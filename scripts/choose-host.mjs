/** Decides which host `npm start` runs: the desktop application, or the gateway without a window. Nothing here acts. */
import { join } from 'node:path';

/** What only the desktop application understands. */
const desktopOnly = ['--hidden', '--no-sandbox'];
const releases = 'https://github.com/electron/electron/releases/download/';

/**
 * `why` is what stands in the way of the desktop application, for a person; absent where headless was asked for.
 * @param {{ args: readonly string[], platform: string, env: Record<string, string | undefined>, uid?: number }} facts
 */
export function chooseHost({ args, platform, env, uid }) {
  if (args.includes('--headless')) return { host: 'headless' };
  if (!hasDisplay(platform, env)) return { host: 'headless', why: 'there is no display' };
  if (platform === 'linux' && uid === 0 && !args.includes('--no-sandbox'))
    return { host: 'headless', why: 'Electron has no sandbox for root (--no-sandbox runs it all the same)' };
  return { host: 'desktop' };
}

export function hasDisplay(platform, env) {
  return platform === 'win32' || platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** The one line that says why there is no window. */
export function reasonLine(why) {
  return `No desktop application here: ${why}. The gateway runs without a window of its own.`;
}

/** The arguments as the headless host understands them. */
export function headlessArgs(args) {
  return args.filter((argument) => argument !== '--headless' && !desktopOnly.includes(argument));
}

export function wantsBrowser(args) {
  return !args.includes('--headless') && !args.includes('--hidden');
}

/** Where Electron's binary lies, if it is there. @param folder  of the package `electron` */
export function electronBinary(folder, platform, env) {
  const name = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[platform] ?? 'electron';
  return join(env.ELECTRON_OVERRIDE_DIST_PATH || join(folder, 'dist'), name);
}

/** The place that Electron's installer would fetch from, by the variables that it obeys, in its order. */
export function electronPlace(env) {
  const names = [
    'npm_config_electron_mirror',
    'NPM_CONFIG_ELECTRON_MIRROR',
    'npm_package_config_electron_mirror',
    'ELECTRON_MIRROR',
  ];
  return names.map((name) => env[name]).find(Boolean) ?? releases;
}

/** The folder in which Electron's installer keeps what it has fetched. */
export function electronCache(platform, env, home) {
  if (env.electron_config_cache) return env.electron_config_cache;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'electron');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'electron', 'Cache');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'electron');
}

/** Whether Electron ended because it cannot run here: a library is missing, or the system forbids its sandbox. */
export function couldNotRun(code, signal) {
  return [127, 133, 134].includes(code) || ['SIGTRAP', 'SIGABRT', 'SIGILL'].includes(signal);
}
