/** What no page may do, whatever it holds: leave, open windows, embed others, use devices, load from elsewhere. */
import { app, type Session, shell } from 'electron';
import type { Logger } from '../engine/port-server.ts';
import { originOf } from './portals/portal-sessions.ts';
import { isPage } from './scheme.ts';

/** The one right that the page needs: its copy buttons. */
const granted = 'clipboard-sanitized-write';

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === granted));
  session.setPermissionCheckHandler((_contents, permission, origin) => permission === granted && isPage(origin));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((request, answer) => answer({ cancel: !mayLoad(request.url) }));
  session.on('will-download', (event) => event.preventDefault());
}

/** For every page of this application, also for what somebody might add to it later. Portals have rules of their own. */
export function guardPages(log: Logger): void {
  app.on('web-contents-created', (_event, contents) => {
    if (originOf(contents.session) !== undefined) return;
    contents.on('will-navigate', (event) => {
      if (!isPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url, log);
      return { action: 'deny' };
    });
  });
}

/** Opens a link of the page in the browser of this PC. Only https leaves the application. */
export function openOutside(url: string, log: Logger): void {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
    log.warn({ url: url.slice(0, 200) }, 'The page wanted to open an address that may not be opened.');
    return;
  }
  shell.openExternal(url).catch((err: unknown) => log.warn({ err }, 'A link could not be opened.'));
}

/** Developer tools and images made by the page itself do not come from the network. */
const mayLoad = (url: string): boolean => isPage(url) || /^(devtools|data|blob|chrome-devtools):/.test(url);
