/**
 * Who may speak to the control port at all. The threat is a web page in the user's own browser: by a DNS name that
 * points here (rebinding), or by requests and WebSockets across origins. So host and origin must be exactly ours.
 */
import type { IncomingMessage } from 'node:http';
import { hostAndPort } from '../../shared/address.ts';
import { SluiceError } from '../../shared/errors.ts';

const PAGE_NAME = 'sluice.localhost';

export class Doorkeeper {
  /** `http://sluice.localhost:7420`: the origin of the page. */
  readonly pageOrigin: string;
  /** The same for its WebSocket. */
  readonly socketOrigin: string;
  readonly #pageHost: string;
  readonly #hosts: ReadonlySet<string>;

  /** @param bound  where the control port listens */
  constructor(bound: { readonly address: string; readonly port: number }) {
    // Browsers leave out port 80, and so does URL.
    const page = new URL(`http://${PAGE_NAME}:${bound.port}`);
    this.pageOrigin = page.origin;
    this.#pageHost = page.host;
    this.socketOrigin = `ws://${page.host}`;
    const names = [hostAndPort(bound.address, bound.port), `localhost:${bound.port}`, `${PAGE_NAME}:${bound.port}`];
    this.#hosts = new Set(names.flatMap((name) => [name, new URL(`http://${name}`).host]));
  }

  /** Throws ORIGIN_REFUSED. */
  admit({ headersDistinct: { host = [], origin = [] } }: IncomingMessage): void {
    const isOurHost = host.length === 1 && this.#hosts.has(host[0] ?? '');
    const isOurOrigin = origin.length === 0 || (origin.length === 1 && origin[0] === this.pageOrigin);
    if (!isOurHost || !isOurOrigin) throw new SluiceError('ORIGIN_REFUSED');
  }

  /** Where a browser that came by another name belongs. The fragment with the token survives a redirect. */
  redirectOf({ method, headers, url = '/' }: IncomingMessage): string | undefined {
    const isBrowser = method === 'GET' && headers.accept?.includes('text/html');
    return isBrowser && headers.host !== this.#pageHost ? this.pageOrigin + url : undefined;
  }
}
