/** A real gateway with its control port, in this process, on a temporary data folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gateway } from '../../main/app.ts';
import { ControlServer } from '../../main/control/control-server.ts';
import { DataFolder } from '../../main/store/data-folder.ts';
import { silentLog } from './engine.ts';
import { type Doors, prepareFolder } from './hub-folder.ts';

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly json: any;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  /** Sent as it is where it is text, else as JSON. */
  readonly body?: unknown;
  /** Leaves the token out. */
  readonly stranger?: boolean;
}

export interface TestControl {
  readonly gateway: Gateway;
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  readonly token: string;
  ask(path: string, asking?: Asking): Promise<Reply>;
  /** Lets the command line find it. */
  announce(): void;
  stop(): Promise<void>;
}

export async function startControl(
  options: { pages?: string; address?: string; doors?: Doors } = {},
): Promise<TestControl> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-control-'));
  const data = new DataFolder(folder);
  data.open();
  prepareFolder(folder, options.doors);
  const gateway = new Gateway({ folder, host: 'headless', version: '0.0.0', log: silentLog });
  const pages = options.pages ?? join(folder, 'no-pages');
  const server = new ControlServer({ gateway, folder: data, pages, log: silentLog });
  const { url } = await server.listen(options.address ?? '127.0.0.1', 0);
  await gateway.start();
  const { hostname, port } = new URL(url);
  const { token } = data;
  return {
    gateway,
    folder,
    url,
    port: Number(port),
    token,
    announce: () => data.announce(url),
    ask: (path, asking = {}) => ask({ host: hostname.replace(/[[\]]/g, ''), port, token, path, ...asking }),
    stop: async () => {
      await server.close();
      await gateway.stop({ deadlineMs: 0 });
      data.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Place {
  readonly host: string;
  readonly port: string;
  readonly token: string;
  readonly path: string;
}

function ask({ host, port, token, path, method, headers, body, stranger }: Place & Asking): Promise<Reply> {
  const authorization = stranger ? {} : { authorization: `Bearer ${token}` };
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host, port, path, method: method ?? (text === undefined ? 'GET' : 'POST'), agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const whole = Buffer.concat(chunks).toString();
          const isJson = response.headers['content-type']?.includes('json') ?? false;
          const json = isJson ? JSON.parse(whole) : undefined;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: whole, json });
        });
      },
    );
    request.on('error', reject);
    for (const [name, value] of Object.entries({ ...authorization, ...headers })) {
      if (value !== undefined) request.setHeader(name, value);
    }
    // Node sends neither length nor chunks with DELETE by itself.
    if (text !== undefined && !request.hasHeader('transfer-encoding')) {
      request.setHeader('content-length', Buffer.byteLength(text));
    }
    request.end(text);
  });
}
