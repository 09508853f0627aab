/** Answers one request of a page as Electron does: asks the application whether it may be, then who serves its scheme. */
import type { Session } from './electron-session.ts';
import type { PageLink, PausedRequest } from './page-link.ts';
import { inward, outward } from './schemes.ts';

export interface Navigation {
  isWished(address: string): boolean;
  isAllowed(event: 'will-navigate' | 'will-redirect', url: string): boolean;
}

const kinds: Readonly<Record<string, string>> = {
  ...{ Document: 'mainFrame', Stylesheet: 'stylesheet', Image: 'image', Font: 'font', Script: 'script' },
  ...{
    XHR: 'xhr',
    Fetch: 'xhr',
    Media: 'media',
    WebSocket: 'webSocket',
    Ping: 'ping',
    CSPViolationReport: 'cspReport',
  },
};

export async function answerRequest(
  paused: PausedRequest,
  link: PageLink,
  session: Session,
  navigation: Navigation,
): Promise<void> {
  const { requestId, request, resourceType, redirectedRequestId } = paused;
  const { method, headers, postData } = request;
  const url = inward(request.url);
  const fail = (errorReason: string): void => link.tell('Fetch.failRequest', { requestId, errorReason });
  const isMainDocument = resourceType === 'Document' && link.isMainFrame(paused.frameId);
  if (isMainDocument && redirectedRequestId !== undefined) {
    if (!navigation.isAllowed('will-redirect', url)) return fail('Aborted');
  } else if (isMainDocument && !navigation.isWished(request.url)) {
    if (!navigation.isAllowed('will-navigate', url)) return fail('Aborted');
  }
  const kind = resourceType === 'Document' && !isMainDocument ? 'subFrame' : (kinds[resourceType] ?? 'other');
  const { cancel, redirectURL } = await session.rules.ask({ url, method, resourceType: kind });
  if (cancel) return fail('BlockedByClient');
  if (redirectURL !== undefined) {
    const responseHeaders = [{ name: 'location', value: outward(redirectURL) }];
    return link.tell('Fetch.fulfillRequest', { requestId, responseCode: 307, responseHeaders });
  }
  try {
    const body = method === 'GET' || method === 'HEAD' ? undefined : postData;
    const answer = await session.answers.answer(url, { method, headers, body });
    if (!answer) {
      // An address that was made up for a scheme leads nowhere.
      return url === request.url ? link.tell('Fetch.continueRequest', { requestId }) : fail('NameNotResolved');
    }
    link.tell('Fetch.fulfillRequest', {
      requestId,
      responseCode: answer.status,
      responseHeaders: [...answer.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await answer.arrayBuffer()).toString('base64'),
    });
  } catch {
    fail('Failed');
  }
}
