import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../../shared/contract.ts';
import { startControl, type TestControl } from '../../support/control.ts';
import { closeAll, connect, echoTarget, readAll, unusedPort } from '../../support/sockets.ts';

let here: TestControl;
let pages: string;
beforeAll(async () => {
  pages = mkdtempSync(join(tmpdir(), 'sluice-pages-'));
  writeFileSync(join(pages, 'index.html'), '<meta name="csp-nonce" content=""><title>Sluice</title>');
  here = await startControl({ pages });
});
afterAll(async () => {
  await here.stop();
  closeAll();
  rmSync(pages, { recursive: true });
});

const procedures = Object.values(contract)
  .flatMap((group) => Object.values(group))
  .map((procedure) => procedure['~orpc']);

describe('/openapi.json', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document of any shape.
  let document: any;
  beforeAll(async () => {
    document = (await here.ask('/openapi.json', { stranger: true })).json;
  });

  it('describes every route with its bodies and faults', () => {
    expect(document).toMatchObject({ openapi: '3.1.1', info: { title: 'Sluice', version: '0.0.0' } });
    for (const { route, inputSchema, errorMap } of procedures) {
      const operation = document.paths[route.path ?? '']?.[(route.method ?? '').toLowerCase()];
      expect(operation, `${route.method} ${route.path}`).toMatchObject({
        summary: route.summary,
        responses: { 200: { content: expect.any(Object) }, 401: { content: expect.any(Object) } },
      });
      const takesBody = inputSchema !== undefined && ['POST', 'PUT'].includes(route.method ?? '');
      const hasOnlyPath = !route.inputStructure && route.path?.includes('{');
      if (takesBody && !hasOnlyPath) expect(operation.requestBody.content['application/json'].schema).toBeDefined();
      for (const { status } of Object.values<{ status?: number }>(errorMap))
        expect(operation.responses).toHaveProperty(String(status));
    }
    const described = Object.keys(document.paths).length;
    expect(described).toBe(new Set(procedures.map(({ route }) => route.path)).size + 2);
  });

  it('has no reference that leads nowhere, and path parameters for each placeholder', () => {
    const references = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? [];
    expect(references.length).toBeGreaterThan(20);
    for (const reference of new Set(references)) {
      expect(document.components.schemas).toHaveProperty(reference.split('/').at(-1) ?? '');
    }
    for (const [path, operations] of Object.entries<Record<string, { parameters?: { name: string; in: string }[] }>>(
      document.paths,
    )) {
      const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(operations)) {
        expect(parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(placeholders);
      }
    }
    const ids = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap((operations) =>
      Object.values(operations).map((operation) => operation.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('/docs', () => {
  it('shows every route and object under the strict policy, without scripts or anything from elsewhere', async () => {
    const { text, headers } = await here.ask('/docs', { stranger: true });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-/,
    );
    for (const { route } of procedures) expect(text).toContain(`<code>${route.path?.replace(/[{}]/g, '$&')}</code>`);
    expect(text).toContain('<code>source.port</code>');
    expect(text).not.toMatch(/<script|<link(?! rel="icon" href="\/)|<img|style=|https?:\/\/(?!127\.0\.0\.1:7420)/);
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    for (const id of links) expect(text).toContain(`id="${id}"`);
  });
});

describe('/metrics', () => {
  it('tells the figures of each proxy and of the process', async () => {
    const port = await unusedPort();
    const config = {
      protocol: 'tcp' as const,
      source: { port },
      target: { type: 'address' as const, address: '127.0.0.1', port: await echoTarget() },
    };
    await here.gateway.profiles.create({ proxy: 'plc', name: 'PLC', config });
    const client = await connect(port);
    client.end('12345');
    await readAll(client);
    for (const _twice of [1, 2]) {
      const { text, headers } = await here.ask('/metrics');
      expect(headers['content-type']).toContain('text/plain');
      expect(text).toContain('sluice_proxy_bytes_total{proxy="plc",direction="received"} 5');
      expect(text).toContain('sluice_proxy_bytes_total{proxy="plc",direction="sent"} 5');
      expect(text).toContain('sluice_proxy_pipes_total{proxy="plc"} 1');
      expect(text).toContain('sluice_proxy_state{proxy="plc",state="listening"} 1');
      expect(text).toContain('sluice_proxy_state{proxy="plc",state="fault"} 0');
      expect(text).toContain('sluice_proxy_refused_total{proxy="plc",reason="allow"} 0');
      expect(text).toMatch(/process_resident_memory_bytes \d+/);
    }
    await here.gateway.profiles.remove('plc');
    expect((await here.ask('/metrics')).text).not.toContain('"plc"');
  });
});

describe('the page', () => {
  it('is served to everybody with the policy that lets it reach its own WebSocket only', async () => {
    const { status, headers, text } = await here.ask('/', { stranger: true });
    expect(status).toBe(200);
    expect(text).toMatch(/<meta name="csp-nonce" content="[^"]{24}">/);
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://sluice.localhost:${here.port};`);
    expect(headers['cache-control']).toBe('no-store');
    expect((await here.ask('/', { method: 'HEAD', stranger: true })).text).toBe('');
    expect((await here.ask('/', { method: 'POST', body: {} })).status).toBe(405);
  });
});
