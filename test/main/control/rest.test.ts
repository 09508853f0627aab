import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Reply, startControl, type TestControl } from '../../support/control.ts';
import { closeAll, connect, echoTarget, readAll, unusedPort } from '../../support/sockets.ts';

let here: TestControl;
beforeEach(async () => {
  here = await startControl();
});
afterEach(async () => {
  await here.stop();
  closeAll();
});

const body = (changes: object = {}, config: object = {}) => ({
  proxy: 'plc',
  name: 'PLC',
  ...changes,
  config: {
    protocol: 'tcp',
    source: { port: 8090 },
    target: { type: 'address', address: '10.0.0.7', port: 80 },
    ...config,
  },
});
const issuesOf = (reply: Reply) => reply.json.error.details.issues;
const target = (more: object) => ({ target: { type: 'address', address: '10.0.0.7', port: 80, ...more } });

describe('bad input is refused by the path of the field, in one plain sentence, and nothing is saved', () => {
  const table: [what: string, body: unknown, path: string, message: string][] = [
    ['an unknown field', body({ colour: 'red' }), 'colour', 'The field "colour" is not known here.'],
    [
      'an unknown field deep inside',
      body({}, { source: { port: 1, tls: 1 } }),
      'config.source.tls',
      'The field "tls" is not known here.',
    ],
    [
      'TLS on UDP',
      body({}, { protocol: 'udp', ...target({ secure: true }) }),
      'config.target.secure',
      'SSL/TLS needs TCP; leave this field out.',
    ],
    [
      'a UDP limit on TCP',
      body({}, { limits: { udpIdleTimeoutMs: 1000 } }),
      'config.limits.udpIdleTimeoutMs',
      'The field "udpIdleTimeoutMs" is not known here.',
    ],
    ['port 0', body({}, { source: { port: 0 } }), 'config.source.port', 'Use a port from 1 to 65535.'],
    ['port 70000', body({}, { source: { port: 70_000 } }), 'config.source.port', 'Use a port from 1 to 65535.'],
    ['a target port of 0', body({}, target({ port: 0 })), 'config.target.port', 'Use a port from 1 to 65535.'],
    [
      'a port that is text',
      body({}, { source: { port: '8090' } }),
      'config.source.port',
      'Use a whole number from 1 to 65535.',
    ],
    ['half a port', body({}, { source: { port: 80.5 } }), 'config.source.port', 'Use a whole number from 1 to 65535.'],
    ['an ID with a space', body({ proxy: 'plc web' }), 'proxy', 'Use 1 to 32 letters, digits, hyphens or underscores.'],
    [
      'an ID of 33 characters',
      body({ proxy: 'x'.repeat(33) }),
      'proxy',
      'Use 1 to 32 letters, digits, hyphens or underscores.',
    ],
    ['an empty ID', body({ proxy: '' }), 'proxy', 'Use 1 to 32 letters, digits, hyphens or underscores.'],
    ['no ID', body({ proxy: undefined }), 'proxy', 'A proxy ID is needed.'],
    ['no name', body({ name: undefined }), 'name', 'A name is needed.'],
    ['a blank name', body({ name: '  ' }), 'name', 'A name is needed.'],
    ['a long description', body({ description: 'x'.repeat(256) }), 'description', 'Use at most 255 characters.'],
    ['no configuration', { proxy: 'plc', name: 'PLC' }, 'config', 'The configuration is needed.'],
    [
      'a protocol of a later version',
      body({}, { protocol: 'mqtt_iotmp' }),
      'config.protocol',
      'Use one of: tcp, udp, tcp+udp, tcp_iotmp, http_iotmp.',
    ],
    [
      'a target with its port in the address',
      body({}, target({ address: '10.0.0.7:80' })),
      'config.target.address',
      'Use a host name or an IP address, without port or http://.',
    ],
    [
      'a URL as target',
      body({}, target({ address: 'http://plc' })),
      'config.target.address',
      'Use a host name or an IP address, without port or http://.',
    ],
    [
      'a name as listen address',
      body({}, { source: { port: 1, address: 'eth0' } }),
      'config.source.address',
      'Use an IP address of this PC, 127.0.0.1 for this PC only, or 0.0.0.0 for all addresses.',
    ],
    [
      'a network that is none',
      body({}, { source: { port: 1, allow: ['10.0.0.0/8', 'lan'] } }),
      'config.source.allow.1',
      'Use an address or a network such as 192.168.1.0/24, or !192.168.1.31 to keep one out.',
    ],
    ['a list', [], '', 'The request needs a JSON object.'],
    ['null', null, '', 'The request needs a JSON object.'],
    ['text', '"plc"', '', 'The request needs a JSON object.'],
    ['nothing', undefined, '', 'The request needs a JSON object.'],
    [
      'a field that changes prototypes',
      '{"proxy":"a","name":"A","__proto__":{"enabled":false},"config":{}}',
      '__proto__',
      'The field "__proto__" is not known here.',
    ],
  ];

  it.each(table)('%s', async (_what, sent, path, message) => {
    const before = readFileSync(join(here.folder, 'config.json'), 'utf8');
    const reply = await here.ask('/v1/proxies', { method: 'POST', body: sent });
    expect(reply.status).toBe(400);
    expect(issuesOf(reply)).toContainEqual({ path, message });
    expect(reply.json.error).toMatchObject({
      code: 'BAD_REQUEST',
      next: 'Correct the fields named and send it again.',
    });
    expect(reply.json.error.message).toContain(issuesOf(reply)[0].message);
    expect((await here.ask('/v1/proxies')).json).toEqual([]);
    expect(readFileSync(join(here.folder, 'config.json'), 'utf8')).toBe(before);
  });

  it('a target that is our own listener, the control port, or the port of another proxy', async () => {
    const own = await unusedPort();
    const other = await unusedPort();
    await here.ask('/v1/proxies', { body: body({ proxy: 'other' }, { source: { port: other, address: '0.0.0.0' } }) });
    for (const [address, port] of [
      ['127.0.0.1', own],
      ['localhost', own],
      ['127.0.0.1', here.port],
      ['LOCALHOST', here.port],
      ['0.0.0.0', here.port],
      ['::ffff:127.0.0.1', here.port],
      ['127.0.0.1', other],
    ] as const) {
      const reply = await here.ask('/v1/proxies', {
        body: body({}, { source: { port: own }, ...target({ address, port }) }),
      });
      expect(reply.status, `${address}:${port}`).toBe(400);
      expect(issuesOf(reply)).toEqual([
        {
          path: 'config.target',
          message: expect.stringContaining(`The target ${address}:${port} is a port of Sluice itself`),
        },
      ]);
    }
    expect((await here.ask('/v1/proxies')).json).toHaveLength(1);
  });

  it('an ID that is taken', async () => {
    const first = await here.ask('/v1/proxies', { body: body({ enabled: false }) });
    const again = await here.ask('/v1/proxies', { body: body({ name: 'Other' }) });
    expect(again).toMatchObject({ status: 409, json: { error: { code: 'PROXY_EXISTS', next: 'Choose another ID.' } } });
    expect((await here.ask('/v1/proxies/plc')).json).toEqual(first.json);
  });

  it('a change of the ID, and half of a change', async () => {
    const { json: before } = await here.ask('/v1/proxies', { body: body({ enabled: false }) });
    const put = (sent: unknown) => here.ask('/v1/proxies/plc', { method: 'PUT', body: sent });
    const moved = await put({ proxy: 'other', name: 'Other' });
    expect(moved.status).toBe(400);
    expect(issuesOf(moved)).toEqual([{ path: 'proxy', message: 'The ID cannot change.' }]);
    const half = await put({ name: 'Other', config: { protocol: 'tcp', source: { port: 0 } } });
    expect(issuesOf(half).map((issue: { path: string }) => issue.path)).toEqual([
      'config.source.port',
      'config.target',
    ]);
    expect(issuesOf(await put(undefined))).toEqual([{ path: '', message: 'The request needs a JSON object.' }]);
    expect((await here.ask('/v1/proxies/plc')).json).toEqual(before);
    expect((await put({ proxy: 'plc', name: 'Renamed' })).json).toMatchObject({
      name: 'Renamed',
      config: before.config,
    });
  });

  it('settings and queries', async () => {
    const settings = await here.ask('/v1/settings', {
      method: 'PUT',
      body: {
        listen: { defaultAddress: 'everywhere', dynamicPorts: { from: 2000, to: 1999 } },
        limits: { maxUdpFlows: 0 },
      },
    });
    expect(issuesOf(settings)).toContainEqual({ path: 'limits.maxUdpFlows', message: 'Use at least 1.' });
    const query = await here.ask('/v1/pipes?limit=many&state=odd');
    expect(issuesOf(query).map((issue: { path: string }) => issue.path)).toEqual(['state', 'limit']);
    expect(issuesOf(await here.ask('/v1/ports/99999?address=127.0.0.1&protocol=tcp'))).toHaveLength(1);
  });
});

describe("Thinger.io's request bodies", () => {
  it('make a working TCP proxy', async () => {
    const port = await unusedPort();
    const reply = await here.ask('/v1/proxies', {
      body: {
        proxy: 'web',
        name: 'Web',
        description: 'From a Thinger.io script',
        enabled: true,
        config: {
          protocol: 'tcp',
          source: { port, secure: false },
          target: { type: 'address', address: '127.0.0.1', port: await echoTarget(), secure: false },
        },
      },
    });
    expect(reply).toMatchObject({
      status: 200,
      json: { proxy: 'web', config: { source: { address: '127.0.0.1', allow: [] } } },
    });
    const client = await connect(port);
    client.end('through');
    expect((await readAll(client)).toString()).toBe('through');
    const { json: status } = await here.ask('/v1/proxies/web/status');
    expect(status).toMatchObject({ state: 'listening', source: { port }, bytes: { received: 7, sent: 7 } });
    expect((await here.ask('/v1/proxies/web', { method: 'PUT', body: { enabled: false } })).json.enabled).toBe(false);
    expect((await here.ask('/v1/proxies/web/status')).json.state).toBe('disabled');
    expect(await here.ask('/v1/proxies/web', { method: 'DELETE' })).toMatchObject({
      status: 200,
      json: { proxy: 'web' },
    });
    expect((await here.ask('/v1/proxies/web')).status).toBe(404);
  });

  it('make a working UDP proxy', async () => {
    const { createSocket } = await import('node:dgram');
    const echo = createSocket('udp4').bind(0, '127.0.0.1');
    await once(echo, 'listening');
    echo.on('message', (message, from) => echo.send(message, from.port, from.address));
    const port = await unusedPort();
    const config = {
      protocol: 'udp',
      source: { port },
      target: { type: 'address', address: '127.0.0.1', port: echo.address().port },
    };
    expect((await here.ask('/v1/proxies', { body: { proxy: 'u', name: 'U', config } })).status).toBe(200);
    const client = createSocket('udp4');
    client.send('ping', port, '127.0.0.1');
    const [answer] = await once(client, 'message');
    expect(String(answer)).toBe('ping');
    const { json: pipes } = await here.ask('/v1/pipes?proxy=u');
    expect(pipes).toMatchObject([{ proxy: 'u', transport: 'udp', state: 'open', received: 4, sent: 4 }]);
    expect((await here.ask(`/v1/pipes/${pipes[0].pipe}`, { method: 'DELETE' })).json.reason).toBe('killed');
    client.close();
    echo.close();
  });
});

describe('requests', () => {
  it('without a valid token see nothing but what is open to all', async () => {
    const strangers = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: here.token },
      { authorization: `Basic ${here.token}` },
      { cookie: `token=${here.token}` },
    ];
    for (const headers of strangers) {
      for (const path of ['/v1/proxies', '/v1/nothing', '/v1', `/v1/proxies?token=${here.token}`, '/metrics']) {
        const reply = await here.ask(path, { stranger: true, headers });
        expect(reply.status, path).toBe(401);
        expect(reply.headers['www-authenticate']).toBe('Bearer');
        expect(reply.json).toEqual({
          error: {
            code: 'UNAUTHORIZED',
            message: 'This needs a valid token.',
            next: 'Use the token in the file control-token of the data folder.',
            details: {},
          },
        });
      }
    }
    for (const path of ['/healthz', '/openapi.json', '/docs']) {
      expect((await here.ask(path, { stranger: true })).status, path).toBe(200);
    }
    expect((await here.ask('/v1/proxies', { headers: { authorization: `bearer ${here.token}` } })).status).toBe(200);
  });

  it('without a token change nothing, whatever they send', async () => {
    await here.ask('/v1/proxies', { body: body({ enabled: false }) });
    for (const [method, path] of [
      ['POST', '/v1/proxies'],
      ['PUT', '/v1/proxies/plc'],
      ['DELETE', '/v1/proxies/plc'],
      ['PUT', '/v1/settings'],
    ] as const) {
      expect((await here.ask(path, { method, stranger: true, body: body({ proxy: 'new' }) })).status).toBe(401);
    }
    expect((await here.ask('/v1/proxies')).json).toHaveLength(1);
  });

  it('to unknown paths and with unknown methods say so in the same shape', async () => {
    for (const path of [
      '/v1/nothing',
      '/v1/proxies/a/b/c',
      '/nothing',
      '/..%2f..%2fetc/passwd',
      '/v1/proxies//status',
    ]) {
      expect(await here.ask(path), path).toMatchObject({ status: 404, json: { error: { code: 'NOT_FOUND' } } });
    }
    const patch = await here.ask('/v1/proxies', { method: 'PATCH', body: {} });
    expect(patch).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST' },
      json: { error: { code: 'METHOD_NOT_ALLOWED' } },
    });
    expect((await here.ask('/healthz', { method: 'POST' })).status).toBe(405);
    expect((await here.ask('/v1/proxies', { method: 'OPTIONS' })).status).toBe(405);
  });

  it('to proxies that are not there say which, also where JavaScript has the name', async () => {
    for (const proxy of ['none', 'constructor', '__proto__', 'toString']) {
      const reply = await here.ask(`/v1/proxies/${proxy}`);
      expect(reply).toMatchObject({ status: 404, json: { error: { code: 'PROXY_NOT_FOUND', details: { proxy } } } });
    }
  });

  it('with a body that is not JSON, or too large, are refused', async () => {
    for (const text of ['{"proxy":', 'proxy=plc', '\xff']) {
      const reply = await here.ask('/v1/proxies', { method: 'POST', body: text });
      expect(reply).toMatchObject({
        status: 400,
        json: { error: { code: 'BAD_REQUEST', message: 'The body is not valid JSON.' } },
      });
    }
    const large = `{"name":"${'x'.repeat(1024 * 1024)}"}`;
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const reply = await here.ask('/v1/proxies', { method: 'POST', body: large, headers });
      expect(reply).toMatchObject({ status: 413, json: { error: { code: 'TOO_LARGE' } } });
    }
    expect((await here.ask('/v1/proxies')).json).toEqual([]);
  });

  it('are answered with headers that keep them out of caches and other pages', async () => {
    for (const path of ['/v1/proxies', '/nothing', '/metrics']) {
      expect((await here.ask(path)).headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    }
  });

  it('are taken whatever content type a script sends', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await here.ask('/v1/proxies', { body: body({ enabled: false }), headers })).status).toBe(200);
  });

  it('for events follow states as they change', async () => {
    const answer = await fetch(`${here.url}/v1/events`, { headers: { authorization: `Bearer ${here.token}` } });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = (answer.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream() as never)
      .getReader();
    let seen = '';
    const until = async (text: string) => {
      while (!seen.includes(text)) seen += String((await reader.read()).value);
    };
    await until('"type":"snapshot"');
    await here.ask('/v1/proxies', { body: body({ enabled: false }) });
    await until('"type":"proxy.changed"');
    await reader.cancel();
  });

  it('change the settings, partly', async () => {
    const reply = await here.ask('/v1/settings', {
      method: 'PUT',
      body: { siteName: 'North', limits: { maxPipes: 100 } },
    });
    expect(reply.json).toMatchObject({
      siteName: 'North',
      stopped: false,
      limits: { maxPipes: 100, maxUdpFlows: 1024, workers: 0 },
    });
    expect(JSON.parse(readFileSync(join(here.folder, 'config.json'), 'utf8')).settings.siteName).toBe('North');
  });
});
