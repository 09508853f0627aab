/**
 * What a request must be before anything of it goes on: one host, one length, one meaning. The parser is Node's own in
 * strict mode; here stand the things that it lets pass and that a device might read in another way (W1, W2).
 */
import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../../shared/errors.ts';
import { connectionNames } from './request-headers.ts';

export const MOST_HEADERS = 100;

/** Methods that browsers and the programs behind web pages use; CONNECT and TRACE are not among them. */
const refusedMethods: ReadonlySet<string> = new Set(['CONNECT', 'TRACE']);

/** Headers of which two would leave open which one counts. */
const singular = ['host', 'content-length', 'transfer-encoding', 'origin', 'content-type', 'authorization', 'upgrade'];

/** The host that a request names, in lower case, with its port. Throws PORTAL_REQUEST. */
export function hostOf(request: IncomingMessage): string {
  const [host, ...more] = request.headersDistinct.host ?? [];
  if (host === undefined || more.length > 0) throw refused('it has to name one host');
  return host.toLowerCase();
}

/** Throws PORTAL_REQUEST where the request could be read in two ways. */
export function checkRequest(request: IncomingMessage): void {
  const { headersDistinct, httpVersion, method = '', rawHeaders } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw refused('it is not HTTP/1.1');
  if (refusedMethods.has(method)) throw refused(`${method} is not for web pages`);
  if (rawHeaders.length / 2 > MOST_HEADERS) throw refused(`it has more than ${MOST_HEADERS} headers`);
  for (const name of singular)
    if ((headersDistinct[name]?.length ?? 0) > 1) throw refused(`it has two ${name} headers`);
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined) checkCoding(request, coding);
  const named = connectionNames(rawHeaders);
  if (named.has('content-length') || named.has('host')) throw refused('its Connection header names what belongs to it');
  if (isWebSocket(request) && hasBody(request)) throw refused('a WebSocket cannot begin with a body');
}

function checkCoding({ headers, httpVersion }: IncomingMessage, coding: string): void {
  if (httpVersion === '1.0') throw refused('HTTP/1.0 knows no chunks');
  if (coding.toLowerCase() !== 'chunked') throw refused('its body is coded in an unknown way');
  if (headers['content-length'] !== undefined) throw refused('its body has two lengths');
}

/** The path and query asked for, as they came. Throws PORTAL_REQUEST where the whole address names another host. */
export function pathOf({ url = '' }: IncomingMessage, host: string): string {
  const path = url.startsWith('/') ? url : pathOfAbsolute(url, host);
  if (!/^[\x21\x22\x24-\x7e]+$/.test(path)) throw refused('its address has signs that belong coded');
  return path;
}

/** `http://cam.sluice.localhost:7431/x`: read by hand, because a URL would be made tidy. */
function pathOfAbsolute(url: string, host: string): string {
  const [, named, path = ''] = /^http:\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (named?.toLowerCase() !== host) throw refused('its address and its host do not agree');
  return path.startsWith('/') ? path : `/${path}`;
}

/** Whether a request asks for a WebSocket in the one proper way; any other upgrade is answered as if not asked for. */
export function isWebSocket({ method, headers, httpVersion, headersDistinct }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    httpVersion === '1.1' &&
    headersDistinct.upgrade?.length === 1 &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    connectionTokens(headers.connection).includes('upgrade') &&
    headers['sec-websocket-version'] === '13' &&
    /^[A-Za-z0-9+/]{22}==$/.test(headers['sec-websocket-key'] ?? '')
  );
}

const connectionTokens = (value = ''): string[] => value.split(',').map((token) => token.trim().toLowerCase());

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Whether a page outside the portal made this request. Portals, and the page of Sluice, are one site to browsers, so
 * cookies alone do not keep them apart; the browser's own word does.
 */
export function isForeign({ headers }: IncomingMessage, portalOrigin: string): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isOtherSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  return isOtherSite || (origin !== undefined && origin !== portalOrigin);
}

const refused = (reason: string): SluiceError => new SluiceError('PORTAL_REQUEST', { reason });
