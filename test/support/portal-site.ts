/**
 * The web page of a device as real ones are: a login with a SameSite=Lax cookie, X-Frame-Options: DENY, absolute
 * redirects to its own address, compressed pages, a WebSocket that ticks, downloads and uploads. Closed by `closeAll`.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { WebSocketServer } from 'ws';
import { type WebTarget, webTarget } from './portal.ts';
import { onClose } from './sockets.ts';

export interface PortalSite extends WebTarget {
  readonly title: string;
  /** Sessions that somebody has logged in. */
  readonly sessions: ReadonlySet<string>;
  /** `GET /overview`, in the order they came. */
  readonly requests: readonly string[];
}

export interface SiteWish {
  readonly title: string;
  readonly password?: string;
  /** Further pages: path → HTML. */
  readonly pages?: Readonly<Record<string, string>>;
}

export async function portalSite({ title, password = 'operator', pages = {} }: SiteWish): Promise<PortalSite> {
  const sessions = new Set<string>();
  const requests: string[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  onClose(() => sockets.close());

  const isLoggedIn = ({ headers }: IncomingMessage): boolean =>
    sessions.has(/(?:^|; )session=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? '');

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', headers } = request;
    const url = new URL(request.url ?? '/', `http://${headers.host}`);
    requests.push(`${method} ${url.pathname}`);
    const redirect = (path: string, cookie?: string) =>
      response
        .writeHead(302, { location: `http://${headers.host}${path}`, ...(cookie && { 'set-cookie': cookie }) })
        .end();
    const page = (body: string) =>
      response
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-encoding': 'gzip',
          'x-frame-options': 'DENY',
          'content-security-policy': "frame-ancestors 'none'",
        })
        .end(gzipSync(`<!doctype html><html lang="en"><title>${title}</title>${style}<body>${body}</body></html>`));

    if (method === 'POST' && url.pathname === '/login') {
      const form = new URLSearchParams((await request.toArray()).join(''));
      if (form.get('password') !== password) return void page(loginPage(title, 'Wrong password'));
      const session = randomBytes(8).toString('hex');
      sessions.add(session);
      return void redirect('/overview', `session=${session}; Path=/; HttpOnly; SameSite=Lax`);
    }
    const more = pages[url.pathname];
    if (more !== undefined) return void page(more);
    if (url.pathname === '/login') return void page(loginPage(title, ''));
    if (!isLoggedIn(request)) return void redirect('/login');
    if (method === 'PUT') return await receive(request, response);
    switch (url.pathname) {
      case '/overview':
        return void page(overview(title));
      case '/pumps':
        return void page(`<h1>Pumps</h1><p><a href="/overview">Overview</a></p><p>${title}</p>`);
      case '/download':
        return void send(response, Number(url.searchParams.get('mib')));
      default:
        return void redirect('/overview');
    }
  };

  const target = await webTarget(
    (request, response) => {
      answer(request, response).catch(() => response.destroy());
    },
    {
      onUpgrade: (request, socket, head) => {
        if (!isLoggedIn(request)) return void socket.destroy();
        sockets.handleUpgrade(request, socket, head, (opened) => {
          let ticks = 0;
          const timer = setInterval(() => {
            ticks += 1;
            opened.send(String(ticks));
          }, 200);
          opened.on('close', () => clearInterval(timer));
          opened.on('message', (data) => opened.send(`echo ${data}`));
        });
      },
    },
  );
  return Object.assign(target, { title, sessions, requests });
}

/** The byte that a download has at a place, so that both ends can tell its hash. */
export const downloadChunk = Buffer.alloc(1024 * 1024, 'sluice portal ');

export function downloadHash(mib: number): string {
  const hash = createHash('sha256');
  for (let at = 0; at < mib; at += 1) hash.update(downloadChunk);
  return hash.digest('hex');
}

function send(response: ServerResponse, mib: number): void {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment; filename="backup.bin"',
    'content-length': mib * downloadChunk.length,
  });
  let left = mib;
  const write = (): void => {
    while (left > 0) {
      left -= 1;
      if (!response.write(downloadChunk)) return void response.once('drain', write);
    }
    response.end();
  };
  write();
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hash = createHash('sha256');
  for await (const bytes of request) hash.update(bytes as Buffer);
  response.end(hash.digest('hex'));
}

const style = `<style>
body{margin:0;font:13px/1.4 Arial,sans-serif;background:#c8d3da;color:#111}
header{display:flex;gap:12px;align-items:baseline;padding:12px 18px;background:#173f6b;color:#fff}
header h1{margin:0;font-size:17px}header a{margin-left:auto;color:#fff}
main{display:grid;grid-template-columns:2fr 1fr;gap:14px;padding:18px}
section{padding:12px;border:1px solid #8fa3b1;background:#fff}h2{margin:0 0 10px;font-size:13px}
table{width:100%;border-collapse:collapse}td,th{padding:6px 8px;border:1px solid #c0ccd4;text-align:left}
.well{height:180px;width:190px;border:5px solid #4a5b66;border-top:0;background:linear-gradient(transparent 45%,#5d9fd1 45%)}
form{max-width:240px;margin:60px auto;padding:18px;background:#fff}label{display:block;margin:0 0 10px}
</style>`;

const loginPage = (title: string, fault: string): string => `
<form method="post" action="/login"><h1>${title}</h1><p id="fault">${fault}</p>
<label>Password <input type="password" name="password"></label><button>Log in</button></form>`;

const overview = (title: string): string => `
<header><h1>${title}</h1><span>Station overview</span><a href="/pumps">Pumps</a></header>
<main>
<section><h2>Wet well</h2><div class="well"></div><p>Ticks: <output id="ticks">0</output></p>
<p><a href="/download?mib=1" download>Backup</a> <input type="file" id="file"> <output id="hash"></output></p></section>
<section><h2>Pumps</h2><table><tr><th></th><th>P1</th><th>P2</th></tr><tr><td>State</td><td>running</td><td>ready</td></tr>
<tr><td>Speed</td><td>1 452 rpm</td><td>0 rpm</td></tr><tr><td>Mode</td><td>Auto</td><td>Auto</td></tr></table></section>
</main>
<script>
const show = (id, text) => { document.getElementById(id).textContent = text; };
const socket = new WebSocket('ws://' + location.host + '/ticks');
socket.onmessage = (event) => show('ticks', event.data);
document.getElementById('file').onchange = async (event) => {
  const reply = await fetch('/upload', { method: 'PUT', body: event.target.files[0] });
  show('hash', await reply.text());
};
</script>`;
