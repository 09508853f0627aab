/**
 * The built page as answers: path → status, headers, body. Both hosts serve it through this. All files are read once
 * into a table, so a path can only name what the build made; nothing outside the folder can be reached.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { PORTAL_PARENT } from '../../shared/portal.ts';

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
};

const NONCE_META = /<meta name="csp-nonce" content="[^"]*"\s*\/?>/;
const HOST_META = /<meta name="sluice-host" content="[^"]*"\s*\/?>/;

/** Portals of devices, on whatever port they are served. */
const PORTALS = `http://*.${PORTAL_PARENT}:*`;
/** What the page may show in a frame; the desktop application has views in place of frames. */
type Frames = 'portals' | 'none';

/**
 * The content security policy of every page of Sluice.
 * @param connect  what scripts may talk to besides the page's own origin, such as `ws://sluice.localhost:7420`
 */
export function contentSecurityPolicy(nonce: string, connect = '', frames: Frames = 'portals'): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${connect}`.trim(),
    `frame-src ${frames === 'portals' ? PORTALS : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export const newNonce = (): string => randomBytes(16).toString('base64');

/** Headers of every page and file, whoever serves it. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'origin-agent-cluster': '?1',
  'cross-origin-opener-policy': 'same-origin',
};

export class PageFiles {
  readonly #files = new Map<string, { readonly body: Buffer; readonly type: string }>();

  readonly #host: string;

  /**
   * @param folder  what Vite built; may be missing, then there are no pages
   * @param host  told to the page, which reaches each host in its own way
   */
  constructor(folder: string, { host = 'headless' }: { readonly host?: 'headless' | 'desktop' } = {}) {
    this.#host = host;
    for (const name of filesOf(folder)) {
      this.#files.set(`/${name.split(sep).join('/')}`, {
        body: readFileSync(join(folder, name)),
        type: types[extname(name)] ?? 'application/octet-stream',
      });
    }
  }

  /** False before the page was built. */
  get isThere(): boolean {
    return this.#files.has('/index.html');
  }

  /**
   * @param path  the path of the request, without query
   * @param connect  see {@link contentSecurityPolicy}
   * @returns undefined where the build has no such file
   */
  answer(path: string, connect?: string): PageAnswer | undefined {
    const name = path === '/' ? '/index.html' : path;
    const file = this.#files.get(name);
    if (!file) return undefined;
    const nonce = newNonce();
    const headers = {
      ...pageHeaders,
      'content-security-policy': contentSecurityPolicy(nonce, connect, this.#host === 'desktop' ? 'none' : 'portals'),
      'content-type': file.type,
      'cache-control': cacheRule(name),
    };
    return { status: 200, headers, body: name.endsWith('.html') ? this.#filled(file.body, nonce) : file.body };
  }

  #filled(html: Buffer, nonce: string): Buffer {
    const text = html
      .toString('utf8')
      .replace(NONCE_META, () => `<meta name="csp-nonce" content="${nonce}">`)
      .replace(HOST_META, () => `<meta name="sluice-host" content="${this.#host}">`);
    return Buffer.from(text);
  }
}

/** Vite puts a hash of the content into the names below `assets/`. */
function cacheRule(name: string): string {
  if (name.endsWith('.html')) return 'no-store';
  return name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
