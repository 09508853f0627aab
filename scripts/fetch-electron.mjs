/** Gets Electron's binary where it is missing: from the cache of earlier fetches, or from the place that provides it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { electronBinary, electronCache, electronPlace } from './choose-host.mjs';
import { node, root } from './ensure.mjs';

const folder = join(root, 'node_modules', 'electron');
const { env, platform, arch } = process;

/** The path of the binary, or in `why` what stands in the way, for a person. @returns {Promise<{ path: string } | { why: string }>} */
export async function findElectron() {
  const path = electronBinary(folder, platform, env);
  if (existsSync(path)) return { path };
  if (env.ELECTRON_OVERRIDE_DIST_PATH) return { why: `there is no Electron in ${env.ELECTRON_OVERRIDE_DIST_PATH}` };
  const place = electronPlace(env);
  // Through a proxy of its own the installer reaches what this probe cannot.
  if (!isCached() && !env.ELECTRON_GET_USE_PROXY && !(await answers(place)))
    return { why: `Electron is not installed, and ${nameOf(place)} does not answer` };
  process.stderr.write('Fetching Electron …\n');
  const { status } = spawnSync(node, [join(folder, 'install.js')], { stdio: ['ignore', 2, 2] });
  return status === 0 && existsSync(path) ? { path } : { why: 'Electron could not be fetched' };
}

function isCached() {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const cache = electronCache(platform, env, homedir());
  const file = `electron-v${version}-${platform}-${arch}.zip`;
  return existsSync(cache) && readdirSync(cache).some((name) => existsSync(join(cache, name, file)));
}

/** Any answer will do, in 5 s: what it is worth, the installer finds out. */
function answers(place) {
  return fetch(place, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5000) }).then(
    () => true,
    () => false,
  );
}

function nameOf(place) {
  return URL.canParse(place) ? new URL(place).host : place;
}
