/** The few pages that the portal server writes itself, for people who look at a frame or a window. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { SluiceError } from '../../shared/errors.ts';
import { frameAncestors } from './security-policy.ts';

type Fault = Pick<SluiceError, 'status' | 'message' | 'next'>;

/** Ends the answer and, after it, the connection: what else the client has sent is not read. */
export function sendFault(response: ServerResponse, fault: Fault, frames: readonly string[]): void {
  const { status, message, next } = fault;
  const isPage = response.req.headers.accept?.includes('text/html') ?? false;
  const body = isPage ? page(message, `<h1>${escaped(message)}</h1><p>${escaped(next)}</p>`) : `${message} ${next}\n`;
  response.writeHead(status, {
    ...ownHeaders(frames, isPage),
    connection: 'close',
    'content-length': Buffer.byteLength(body),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/**
 * Goes on to a path of the portal as a step of the portal itself: after a redirect, browsers would still say that the
 * page of Sluice had asked.
 */
export function sendOpened(
  response: ServerResponse,
  to: string,
  { cookie, frames }: { readonly cookie: string; readonly frames: readonly string[] },
): void {
  const body = page(
    'Opening',
    `<p><a href="${escaped(to)}">Open</a></p>`,
    `<meta http-equiv="refresh" content="0;url=${escaped(to)}">`,
  );
  response.writeHead(200, {
    ...ownHeaders(frames, true),
    'set-cookie': cookie,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Refuses an upgrade, where there is no response object. */
export function refuseUpgrade(socket: Socket, { status, message, next }: Fault): void {
  if (!socket.writable) return;
  const body = `${message} ${next}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'connection: close',
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export const wantsClose = ({ headers, httpVersion }: IncomingMessage): boolean =>
  /\bclose\b/i.test(headers.connection ?? '') || httpVersion === '1.0';

function ownHeaders(frames: readonly string[], isPage: boolean): Record<string, string> {
  return {
    'content-type': `text/${isPage ? 'html' : 'plain'}; charset=utf-8`,
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; ${frameAncestors(frames)}`,
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

function page(title: string, body: string, head = ''): string {
  const style =
    'body{font:16px/1.5 system-ui,sans-serif;color-scheme:light dark;max-width:36em;margin:4em auto;padding:0 1em}h1{font-size:1.2em}';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title>${head}<style>${style}</style>${body}</html>\n`;
}
