/** `sluice://app/`: the origin of the page in the desktop window. Serves what the build made, with the strict policy. */
import { protocol, type Session } from 'electron';
import type { PageFiles } from '../pages/page-files.ts';

const SCHEME = 'sluice';
const HOST = 'app';
const origin = `${SCHEME}://${HOST}`;

/** To be called before Electron is ready. Without `corsEnabled` other origins could read it (CVE-2026-70604). */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

export function servePages(session: Session, pages: PageFiles): void {
  session.protocol.handle(SCHEME, ({ method, url }) => {
    // Node does not know that the scheme has origins.
    const { host, pathname } = new URL(url);
    const answer = host === HOST && (method === 'GET' || method === 'HEAD') ? pages.answer(pathname) : undefined;
    if (!answer) return new Response(null, { status: 404 });
    const body = method === 'HEAD' ? null : new Uint8Array(answer.body);
    return new Response(body, { status: answer.status, headers: { ...answer.headers } });
  });
}

/** The address of a place in the page, such as `/proxies/add`. */
export function pageUrl(path = '/'): string {
  return `${origin}/#${path}`;
}

/** Whether an address, or an origin, is the page's. */
export const isPage = (url: string): boolean => url === origin || url.startsWith(`${origin}/`);
