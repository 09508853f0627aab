/** Each procedure of the contract, by each way in, for each of those who may not: a table made from the contract. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink } from '@orpc/client/websocket';
import { experimental_RPCHandler as PortHandler } from '@orpc/server/crossws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { digestOf } from '../../../main/access/token.ts';
import { router } from '../../../main/api/router.ts';
import { Seat } from '../../../main/api/seat.ts';
import { roles } from '../../../shared/contract/procedure.ts';
import { contract } from '../../../shared/contract.ts';
import { startControl, type TestControl } from '../../support/control.ts';
import { waitFor } from '../../support/wait.ts';

const people = ['nobody', 'viewer', 'technician', 'locked'] as const;
type Person = (typeof people)[number];
const ways = ['port', 'socket', 'rest'] as const;
type Ask = (group: string, name: string) => Promise<string>;

const procedures = Object.entries(contract).flatMap(([group, parts]) =>
  Object.entries(parts).map(([name, { '~orpc': procedure }]) => ({
    group,
    name,
    ...{ meta: procedure.meta, method: procedure.route.method ?? '', path: procedure.route.path ?? '' },
  })),
);

const PASSWORD = 'a long password';
let here: TestControl;
const tokens: Partial<Record<Person, string>> = {};
const sockets: WebSocket[] = [];
const ports: MessagePort[] = [];

beforeAll(async () => {
  here = await startControl();
  const { access } = here.gateway;
  await access.createUser({ name: 'ada', role: 'administrator', rights: ['capture'], password: PASSWORD });
  for (const role of ['viewer', 'technician'] as const) {
    await access.createUser({ name: role, role, rights: [], password: PASSWORD });
    tokens[role] = await access.logIn({ name: role, password: PASSWORD, minutes: null });
  }
});
afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  for (const port of ports) port.close();
  await here.stop();
});

/** What each may not call, and what is answered. */
function refusalOf(person: Person, { role, right }: (typeof procedures)[number]['meta']): string | undefined {
  if (person === 'nobody') return 'UNAUTHORIZED';
  if (role === 'anyone') return undefined;
  if (person === 'locked') return 'LOCKED';
  const isEnough = role !== 'nobody' && roles.indexOf(person) >= roles.indexOf(role);
  return isEnough && right === undefined ? undefined : 'FORBIDDEN';
}

const codeOf = (thrown: unknown): string => (thrown as { code?: string }).code ?? String(thrown);

// biome-ignore lint/suspicious/noExplicitAny: every procedure is called, whatever its types.
const calling = (client: any): Ask => {
  return async (group, name) => client[group][name](undefined).then(() => 'done', codeOf);
};

/** On a port such as the window of the desktop application has; what RpcPorts forwards to is this router. */
async function byPort(person: Person): Promise<Ask> {
  const { access } = here.gateway;
  const own = tokens[person];
  const seat = person === 'locked' ? Seat.here(access, 'page') : own ? Seat.of(access, own, 'page') : undefined;
  const context = { seat, identity: null, gateway: here.gateway };
  const handler = new PortHandler(router);
  const { port1, port2 } = new MessageChannel();
  ports.push(port1);
  const peer = { send: (message: unknown) => port1.postMessage(message) };
  port1.addEventListener('message', ({ data }) => {
    handler
      .message(peer, { rawData: data, uint8Array: () => data }, { context })
      .catch((thrown: unknown) => void expect.fail(String(thrown)));
  });
  port1.start();
  return calling(createORPCClient(new PortLink({ port: port2 })));
}

async function bySocket(person: Person): Promise<Ask> {
  const socket = new WebSocket(`ws://127.0.0.1:${here.port}/rpc`);
  sockets.push(socket);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  socket.send(JSON.stringify({ token: person === 'locked' ? here.token : (tokens[person] ?? 'no token') }));
  if (person === 'nobody') {
    const [code] = await closed;
    return async () => (code === 4401 ? 'UNAUTHORIZED' : String(code));
  }
  await once(socket, 'message');
  return calling(createORPCClient(new RPCLink({ websocket: socket as never })));
}

async function byRest(person: Person): Promise<Ask> {
  const { access } = here.gateway;
  return async (group, name) => {
    const found = procedures.find((one) => one.group === group && one.name === name);
    if (!found) throw new Error(`There is no ${group}.${name}.`);
    const token = tokens[person] ?? (await lockedToken());
    const headers = { authorization: `Bearer ${person === 'nobody' ? 'no token' : token}` };
    const path = found.path.replace(/\{\+?\w+\}/g, 'x');
    const { status, json } = await here.ask(path, { method: found.method, headers });
    return status < 400 ? 'done' : json.error.code;
  };
  /** Of an administrator whose session is over: a token that is good for nothing. */
  async function lockedToken(): Promise<string> {
    const token = access.sessions.begin('ada');
    access.sessions.end(digestOf(token));
    return token;
  }
}

const inOf = { port: byPort, socket: bySocket, rest: byRest };
const config = () => readFileSync(join(here.folder, 'config.json'), 'utf8');

describe.each(ways)('by %s', (way) => {
  it.each(people)('%s is refused whatever is not theirs, and nothing happens', async (person) => {
    const before = [config(), readFileSync(join(here.folder, 'access.json'), 'utf8')];
    const ask = await inOf[way](person);
    const wrong: string[] = [];
    let refused = 0;
    for (const { group, name, meta } of procedures) {
      const expected = refusalOf(person, meta);
      if (expected === undefined && !(way === 'rest' && person === 'locked')) continue;
      refused += 1;
      // The token of a session that is over is none any more: it is not even known.
      const words = way === 'rest' && person === 'locked' ? 'UNAUTHORIZED' : expected;
      const answer = await ask(group, name);
      if (answer !== words) wrong.push(`${group}.${name}: ${answer}`);
    }
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(person === 'technician' ? 20 : 25);
    expect([config(), readFileSync(join(here.folder, 'access.json'), 'utf8')]).toEqual(before);
  });
});

describe('a page that is open', () => {
  it('gets no event of the configuration any more when it was locked', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${here.port}/rpc`);
    sockets.push(socket);
    await once(socket, 'open');
    socket.send(JSON.stringify({ token: here.token }));
    await once(socket, 'message');
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const client: any = createORPCClient(new RPCLink({ websocket: socket as never }));
    await client.session.unlock({ name: 'ada', password: PASSWORD });
    const events = await client.gateway.events();
    expect((await events.next()).value.type).toBe('snapshot');
    expect(await client.session.lock()).toMatchObject({ state: 'locked' });
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    const next = events.next().then(
      () => 'an event',
      (thrown: { code: string }) => thrown.code,
    );
    await here.gateway.settings.update({ siteName: 'Secret site' });
    expect(await next).toBe('LOCKED');
    await waitFor(() => heard.length > 0, 'the end of the events');
    expect(heard.join()).not.toContain('Secret site');
  });
});

describe('POST /oauth/token', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const login = (password: string) =>
    here.ask('/oauth/token', {
      headers: form,
      body: new URLSearchParams({ grant_type: 'password', username: 'viewer', password }).toString(),
      stranger: true,
    });

  it('gives a token with the role of the user, and says why not', async () => {
    const { status, json } = await login(PASSWORD);
    expect(status).toBe(200);
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) });
    const headers = { authorization: `Bearer ${json.access_token}` };
    expect((await here.ask('/v1/session', { headers })).json).toMatchObject({ name: 'viewer', role: 'viewer' });
    expect((await login('a wrong password')).json.error.code).toBe('LOGIN_REFUSED');
    expect((await here.ask('/oauth/token', { headers: form, body: 'grant_type=x', stranger: true })).status).toBe(400);
  });
});
