import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { extractAll, extractFile, getRawHeader, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLicences } from '../../scripts/third-party.ts';
import { startRig } from '../rig/rig.ts';
import { prepareFolder } from '../support/hub-folder.ts';
import { type PackedDesktop, packDesktop } from '../support/packed-desktop.ts';
import { waitFor } from '../support/wait.ts';

/** One for on, as in the binary. The ninth has no name in `@electron/fuses` yet and keeps Electron's default. */
const fusesWanted: Readonly<Record<string, boolean>> = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};
const belongs = /^\/(package\.json|dist|dist\/electron(\/[\w@.-]+)?|dist\/renderer(\/[\w.-]+)*)$/;

async function configurationOf(project: string) {
  const configuration = await getConfig(project, null, null);
  await validateConfiguration(configuration, { isEnabled: false } as Parameters<typeof validateConfiguration>[1]);
  return configuration;
}

/** What is wrong with a package, in words; nothing when it is as it should be. */
async function faultsOf(packed: PackedDesktop): Promise<string[]> {
  const wire = { ...(await getCurrentFuseWire(packed.executable)) } as Record<number, number>;
  const faults = Object.entries(fusesWanted)
    .filter(([name, on]) => wire[FuseV1Options[name as keyof typeof FuseV1Options]] !== (on ? 49 : 48))
    .map(([name]) => `the fuse ${name} is open`);
  if (!existsSync(packed.asar)) return [...faults, 'the application is not in an archive'];
  const foreign = listPackage(packed.asar, { isPack: false }).filter(
    (path) => !belongs.test(path) || path.endsWith('.map'),
  );
  faults.push(...foreign.map((path) => `${path} does not belong into the package`));
  const resources = await readdir(join(packed.folder, 'resources'));
  if (resources.includes('app-update.yml')) faults.push('it knows a place for updates');
  return faults;
}

describe('the desktop package', () => {
  let folder: string;
  let packed: PackedDesktop;

  beforeAll(async () => {
    writeLicences(resolve('.'));
    folder = await mkdtemp(join(tmpdir(), 'sluice-package-'));
    packed = await packDesktop(folder);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has its fuses set, is one archive, and holds only what was built', async () => {
    expect(await faultsOf(packed)).toEqual([]);
  });

  it('leaves the fuse of WebAssembly as Electron has it', async () => {
    const wire = { ...(await getCurrentFuseWire(packed.executable)) } as Record<number, number>;
    expect(wire[8]).toBe(49);
  });

  it('carries main process, threads, preload, page and images', () => {
    const paths = listPackage(packed.asar, { isPack: false });
    const ofElectron = ['main.js', 'worker.js', 'decode-worker.js', 'preload.cjs', 'icon.png'].map(
      (name) => `electron/${name}`,
    );
    for (const path of [...ofElectron, 'renderer/index.html']) expect(paths).toContain(`/dist/${path}`);
  });

  it('names a main file that is there, and itself', () => {
    const manifest = JSON.parse(extractFile(packed.asar, 'package.json').toString());
    expect(manifest).toMatchObject({ name: 'sluice-desktop', desktopName: 'sluice-desktop.desktop', type: 'module' });
    expect(manifest).not.toHaveProperty('scripts');
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(extractFile(packed.asar, manifest.main).length).toBeGreaterThan(0);
  });

  it('needs no package beside what is in its bundles', () => {
    for (const file of ['main.js', 'worker.js', 'decode-worker.js', 'preload.cjs']) {
      const code = extractFile(packed.asar, `dist/electron/${file}`).toString();
      const imports = [
        ...code.matchAll(/^import [^;'"]*["']([^"']+)["']|^[^"'`*]*\b(?:__)?require\(["']([^"']+)["']\)/gm),
      ];
      const foreign = imports.map(([, from, required]) => from ?? required ?? '');
      expect(foreign.includes('electron')).toBe(!file.endsWith('worker.js'));
      expect(foreign.filter((name) => name !== 'electron' && !isBuiltin(name))).toEqual([]);
    }
  });

  it('knows the hash of every file in it', () => {
    const walk = (entry: object): object[] =>
      'files' in entry ? Object.values(entry.files as Record<string, object>).flatMap(walk) : [entry];
    const files = walk(getRawHeader(packed.asar).header);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(file).toMatchObject({ integrity: { algorithm: 'SHA256' } });
  });

  it('runs from its archive alone, on the rig', async () => {
    const app = join(folder, 'extracted', 'app');
    extractAll(packed.asar, app);
    const data = join(folder, 'data');
    await mkdir(data, { mode: 0o700 });
    prepareFolder(data, {});
    const args = ['--json', '--data', data, '--control', '127.0.0.1:0'];
    const rig = startRig({ app, isPackaged: true, args });
    try {
      const { url, tokenFile } = JSON.parse(await rig.line);
      const authorization = `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`;
      expect((await fetch(`${url}/v1/proxies`, { headers: { authorization } })).status).toBe(200);
      const isThere = () =>
        rig.control.evaluate('Boolean(document.body?.innerText.includes("No pipes yet."))').catch(() => false);
      await waitFor(isThere, 'the page', 20_000);
      expect(await rig.control.windows()).toMatchObject([{ isVisible: true }]);
      expect(await rig.control.faults()).toEqual([]);
    } finally {
      rig.process.kill();
    }
    expect(await rig.exited, rig.log()).toBe(0);
  });

  it('carries the licences of what is bundled', async () => {
    const text = await readFile(join(packed.folder, 'resources', 'third-party-licenses.txt'), 'utf8');
    for (const name of ['react', 'electron-store', '@fontsource/ibm-plex-mono']) expect(text).toContain(`\n${name} `);
    expect(await readdir(packed.folder)).toEqual(
      expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']),
    );
  });
});

describe('the configuration of the packages', () => {
  it('is what electron-builder understands', async () => {
    await configurationOf('.');
  });

  it('makes installers for the systems and processors that are promised', async () => {
    const { win, linux, mac } = await configurationOf('.');
    const arch = ['x64', 'arm64'];
    expect(win?.target).toEqual([{ target: 'nsis', arch }]);
    expect(linux?.target).toEqual(['deb', 'rpm', 'AppImage'].map((target) => ({ target, arch })));
    expect(mac?.target).toEqual([{ target: 'dmg', arch }]);
    expect(mac).toMatchObject({ hardenedRuntime: true });
  });

  it('publishes nothing and asks nobody for updates', async () => {
    expect((await configurationOf('.')).publish).toBeNull();
    expect(readFileSync('electron-builder.yml', 'utf8')).not.toMatch(/https:|cscLink|password/i);
  });

  it('names icons that are there', async () => {
    const { win, linux, mac, fileAssociations } = await configurationOf('.');
    const bundle = [fileAssociations].flat()[0]?.icon;
    const icons = [win?.icon, linux?.icon, mac?.icon, `${bundle}.ico`, `${bundle}.icns`];
    for (const icon of icons) expect(existsSync(join('assets', String(icon))), String(icon)).toBe(true);
  });

  it('ties bundles to one type on Linux, with an icon of its own', async () => {
    const { linux, fileAssociations } = await configurationOf('.');
    const [type] = [linux?.mimeTypes].flat();
    const mime = readFileSync('assets/linux/mime/packages/sluice-desktop.xml', 'utf8');
    expect(mime).toContain(`<mime-type type="${type}">`);
    expect(mime).toContain(`<glob pattern="*.${[fileAssociations].flat()[0]?.ext}"/>`);
    const name = String(type).replace('/', '-');
    expect(mime).toContain(`<icon name="${name}"/>`);
    for (const size of [16, 48, 256])
      expect(existsSync(`assets/linux/icons/hicolor/${size}x${size}/mimetypes/${name}.png`)).toBe(true);
  });
});

describe('the configuration in a project of its own', () => {
  let project: string;

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'sluice-planted-'));
    const manifest = { name: 'sluice', version: '1.0.0', main: 'dist/electron/main.js', description: 'Planted.' };
    const electron = JSON.parse(readFileSync('package.json', 'utf8')).devDependencies.electron;
    await plant('package.json', JSON.stringify({ ...manifest, devDependencies: { electron } }));
    for (const path of ['dist/electron/main.js', 'dist/renderer/index.html', 'main/source.ts', 'dist/main.js.map'])
      await plant(path, path);
    await plant('dist/third-party-licenses.txt', '');
    await cp('assets', join(project, 'assets'), { recursive: true });
  });
  afterAll(() => rm(project, { recursive: true, force: true }));

  async function plant(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }

  async function plantConfiguration(from: string, to: string): Promise<void> {
    const good = await readFile('electron-builder.yml', 'utf8');
    expect(good).toContain(from);
    await plant('electron-builder.yml', good.replace(from, to));
  }

  it('gives Debian and Red Hat menu entry, type of bundles, icons and dependencies', async () => {
    await plantConfiguration('appId', 'appId');
    const folder = await mkdtemp(join(tmpdir(), 'sluice-package-'));
    const fpm = join(folder, 'fpm');
    // Keeps what it was told, the files that are gone afterwards, and makes an empty package.
    await writeFile(
      fpm,
      `#!/bin/sh
for word in "$@"; do
  echo "$word" >>"${folder}/told-$5"
  case "$word" in *.desktop=*) cat "\${word%%=*}" >>"${folder}/told-$5";; *.deb | *.rpm) : >"$word" ;; esac
done
`,
      { mode: 0o755 },
    );
    try {
      await packDesktop(folder, project, { targets: ['deb', 'rpm'], fpm });
      for (const kind of ['deb', 'rpm']) {
        const told = (await readFile(join(folder, `told-${kind}`), 'utf8')).split('\n');
        const wanted = [
          'sluice-desktop',
          'xdg-utils',
          'assets/linux/=/usr/share',
          'Exec=/opt/Sluice/sluice-desktop %F',
        ];
        expect(told).toEqual(expect.arrayContaining(wanted));
        expect(told).toEqual(
          expect.arrayContaining(['MimeType=application/x-sluice-bundle;', 'StartupWMClass=sluice-desktop']),
        );
        expect(told.join('\n')).toContain('=/usr/share/icons/hicolor/512x512/apps/sluice-desktop.png');
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    ['a fuse left open', 'runAsNode: false', 'runAsNode: true', 'the fuse RunAsNode is open'],
    ['no archive', 'asar: true', 'asar: false', 'the application is not in an archive'],
    ['every file', '- dist/electron/**', '- "**/*"', '/main/source.ts does not belong into the package'],
  ])('shows the planted fault: %s', async (_, from, to, fault) => {
    await plantConfiguration(from, to);
    const folder = await mkdtemp(join(tmpdir(), 'sluice-package-'));
    try {
      expect(await faultsOf(await packDesktop(folder, project))).toContain(fault);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('shows the planted fault: a place to publish to', async () => {
    await plantConfiguration('publish: null', 'publish: { provider: generic, url: "http://127.0.0.1/" }');
    expect((await configurationOf(project)).publish).not.toBeNull();
  });

  it('is refused with a word that electron-builder does not know', async () => {
    await plantConfiguration('npmRebuild: false', 'npmRebild: false');
    await expect(configurationOf(project)).rejects.toThrow('npmRebild');
  });
});
