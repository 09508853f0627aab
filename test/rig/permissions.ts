/** Carries what the application allows its pages over to Chromium. */
import type { Cdp } from './cdp.ts';
import type { Session } from './electron-session.ts';

/** Electron's name of a permission, and Chromium's. */
const names: readonly (readonly [string, string])[] = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['midi', 'midi'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['idle-detection', 'idle-detection'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['storage-access', 'storage-access'],
  ['window-management', 'window-management'],
];

export async function setPermissions(
  cdp: Cdp,
  context: string,
  session: Session,
  contents: object,
  origin: string,
): Promise<void> {
  await Promise.all(
    names.map(([electron, chromium]) =>
      cdp.send('Browser.setPermission', {
        permission: { name: chromium },
        setting: session.grants(contents, electron, origin) ? 'granted' : 'denied',
        browserContextId: context,
      }),
    ),
  );
}
