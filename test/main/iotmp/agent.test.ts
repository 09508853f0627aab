import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeMessage, messageTypes } from '../../../main/iotmp/message.ts';
import { startAgent, type TestAgent } from '../../support/agent.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { data, ScriptedServer, start, stop, type Visit } from '../../support/scripted-server.ts';
import { closeAll, echoTarget, onClose, outcome, tcpTarget, unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let noLeaks: () => Promise<void>;
let server: ScriptedServer;
beforeEach(async () => {
  noLeaks = leakCheck();
  server = await ScriptedServer.start();
});
afterEach(async () => {
  closeAll();
  await noLeaks();
});

async function online(
  wish: Parameters<typeof startAgent>[1] = {},
  options: Parameters<typeof startAgent>[2] = {},
): Promise<{ visit: Visit; test: TestAgent }> {
  const test = startAgent(server.port, wish, options);
  const visit = await server.visit(server.visits.length + 1);
  await visit.welcome();
  await test.inState('online');
  return { visit, test };
}

const hex = (bytes: Buffer): string => bytes.toString('hex');

describe('the login of an agent', () => {
  it('is a CONNECT in PSON v2 with three strings and no parameters', async () => {
    startAgent(server.port, {}, { credentials: () => 's3cret' });
    const visit = await server.visit();
    const id = await visit.greeted();
    const idField = encodeMessage({ type: messageTypes.connect, id }).subarray(2);
    const body = Buffer.concat([
      idField,
      Buffer.from('1ae385616c69636584646576318673336372 6574'.replace(' ', ''), 'hex'),
    ]);
    expect(hex(visit.raw)).toBe(hex(Buffer.concat([Buffer.of(3, body.length), body])));
    expect(id).toBeGreaterThan(0);
    expect(id).toBeLessThan(65_536);
  });

  it('is done with the OK that carries its id, and not with another', async () => {
    const test = startAgent(server.port, {}, { limits: { loginMs: 200 } });
    const visit = await server.visit();
    const id = await visit.greeted();
    visit.send({ type: messageTypes.ok, id: (id % 65_535) + 1 }, { type: messageTypes.keepAlive });
    const { error } = await test.inState('waiting');
    expect(error).toMatchObject({ code: 'AGENT_UNREACHABLE', details: { reason: 'it did not answer the login' } });
    await visit.ended();
    expect(test.states.some(({ state }) => state === 'online')).toBe(false);
    expect(await waitFor(() => server.visits[1], 'another try')).toBeDefined();
  });

  it('refused tells so, and is tried again', async () => {
    const test = startAgent(server.port);
    const visit = await server.visit();
    const payload = { message: 'bad credentials' };
    visit.send({ type: messageTypes.error, id: await visit.greeted(), parameters: 2, payload });
    const { error, retryAt } = await test.inState('waiting');
    expect(error).toMatchObject({ code: 'AGENT_REFUSED', message: '127.0.0.1 refused the login as alice/dev1.' });
    expect(error?.details.reason).toBe('bad credentials');
    expect(retryAt).toBeGreaterThan(0);
    await (await server.visit(2)).welcome();
    expect((await test.inState('online')).error).toBeNull();
    expect(JSON.stringify([test.logged, test.states])).not.toContain('s3cret');
  });

  it('does not follow the server to another one', async () => {
    const elsewhere = await ScriptedServer.start();
    const test = startAgent(server.port);
    const visit = await server.visit();
    const payload = `iotmp://127.0.0.1:${elsewhere.port}`;
    visit.send({ type: messageTypes.error, id: await visit.greeted(), parameters: 1, payload });
    expect((await test.inState('waiting')).error?.message).toMatch(/elsewhere/);
    await server.visit(2);
    expect(elsewhere.visits).toHaveLength(0);
  });

  it.each([
    ['closes', (visit: Visit) => void visit.socket.end(), /the server closed it before login/],
    ['resets', (visit: Visit) => void visit.socket.resetAndDestroy(), /ECONNRESET.* before login/],
    [
      'talks HTTP',
      (visit: Visit) => void visit.socket.write(`HTTP/1.1 400 Bad Request\r\n${'x'.repeat(99)}`),
      /broke the rules/,
    ],
    [
      'announces too much',
      (visit: Visit) => void visit.socket.write(Buffer.from('01818010', 'hex')),
      /broke the rules/,
    ],
  ])('is tried again where the server %s', async (_how, act, wanted) => {
    const test = startAgent(server.port);
    const visit = await server.visit();
    await visit.greeted();
    act(visit);
    const { error } = await test.inState('waiting');
    expect(error?.code).toBe('AGENT_LOST');
    expect(error?.message).toMatch(wanted);
    await server.visit(2);
  });

  it('waits longer from try to try, up to a limit, and tells until when', async () => {
    const port = await unusedPort();
    const test = startAgent(port, {}, { limits: { firstRetryMs: 20, longestRetryMs: 100 } });
    const waits = await waitFor(() => {
      const all = test.states.filter(({ state }) => state === 'waiting');
      return all.length >= 5 && all.map(({ since, retryAt }) => (retryAt ?? 0) - since);
    }, 'five tries');
    const [first = 0, second = 0, third = 0, ...later] = waits;
    for (const [wait, least] of [first, second, third].map((wait, at) => [wait, 20 * 2 ** at] as const)) {
      expect(wait).toBeGreaterThanOrEqual(least - 1);
      expect(wait).toBeLessThanOrEqual(least * 1.25 + 2);
    }
    for (const wait of later) expect(wait).toBeLessThanOrEqual(102);
    expect(test.agent.view.error).toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: `127.0.0.1:${port} could not be reached: the connection was refused.`,
    });
    expect(test.logged.filter((line) => line.includes('could not be reached'))).toHaveLength(1);
  });

  it('starts with the short wait again after a connection that lasted', async () => {
    const test = startAgent(server.port, {}, { limits: { firstRetryMs: 10, longestRetryMs: 10_000, steadyMs: 0 } });
    for (let number = 1; number <= 4; number += 1) {
      const visit = await server.visit(number);
      await visit.welcome();
      await test.inState('online');
      visit.socket.destroy();
    }
    await waitFor(() => test.states.filter(({ state }) => state === 'waiting').length === 4, 'four losses');
    const waits = test.states.filter(({ state }) => state === 'waiting');
    for (const { since, retryAt } of waits) expect((retryAt ?? 0) - since).toBeLessThanOrEqual(14);
  });

  it('tells of credentials that cannot be read', async () => {
    const credentials = (): string => {
      throw new Error('no key');
    };
    const { error } = await startAgent(server.port, {}, { credentials }).inState('waiting');
    expect(error?.code).toBe('INTERNAL');
    expect(server.visits).toHaveLength(0);
  });

  it('never happens where the profile is disabled', async () => {
    const test = startAgent(server.port, { enabled: false });
    expect(test.agent.view).toMatchObject({ state: 'disabled', error: null, retryAt: null });
    await test.agent.stop();
    expect(server.visits).toHaveLength(0);
  });

  it('is given up at once when the agent is stopped', async () => {
    const test = startAgent(server.port);
    const visit = await server.visit();
    await visit.greeted();
    await test.agent.stop();
    await visit.ended();
  });
});

describe('an agent that is online', () => {
  it('says what it offers, in the bytes of the protocol', async () => {
    const { visit } = await online();
    visit.send(Buffer.from('07020801', 'hex'), Buffer.from('060b0804228776657273696f6e', 'hex'));
    await visit.hears('ok', 4);
    const offer = 'c28f2470726f78792f3a73657373696f6ec182666e028776657273696f6ec182666e03';
    const version = 'c4856d616a6f7201856d696e6f7202857061746368038776657273696f6e85312e322e33';
    expect(hex(visit.raw)).toBe(`012608011a${offer}012708041a${version}`);
    visit.raw = Buffer.alloc(0);
    visit.send(Buffer.from('070b0802228776657273696f6e', 'hex'));
    await visit.hears('ok', 2);
    expect(hex(visit.raw)).toBe(`012c08021ac1836f7574${version}`);
  });

  it('answers everything else with a bare ERROR, and requests without id not at all', async () => {
    const { visit } = await online();
    visit.send(
      { type: messageTypes.run, id: 5, resource: 'cmd' },
      { type: messageTypes.run, resource: 'version' },
      { type: messageTypes.run, id: 6, resource: ['version'] },
      { type: messageTypes.describe, id: 7, resource: 'cmd' },
      start(8, {}, '$terminal/1'),
      start(9, {}, '$proxy/a/b'),
      stop(10),
      Buffer.from('0b020801', 'hex'),
      { type: messageTypes.run, id: 11, resource: 'cmd' },
    );
    await visit.hears('error', 11);
    expect(hex(visit.raw)).toBe(
      [5, 6, 7, 8, 9, 10, 11].map((id) => `02020${'8'}${id.toString(16).padStart(2, '0')}`).join(''),
    );
  });

  it('sends keep-alives, and leaves a server that has fallen silent', async () => {
    const { visit, test } = await online({}, { limits: { keepAliveMs: 60 } });
    await visit.hears('keepAlive');
    const { error } = await test.inState('waiting');
    expect(error).toMatchObject({ code: 'AGENT_LOST', details: { reason: 'the server fell silent' } });
    expect(visit.heard.filter(({ type }) => type === messageTypes.keepAlive).length).toBeLessThanOrEqual(2);
  });

  it('stays with a server that echoes its keep-alives', async () => {
    const { visit, test } = await online({}, { limits: { keepAliveMs: 60 } });
    for (let times = 1; times <= 6; times += 1) {
      await waitFor(() => visit.heard.filter(({ type }) => type === messageTypes.keepAlive).length >= times, 'it');
      visit.send({ type: messageTypes.keepAlive });
    }
    expect(test.agent.view.state).toBe('online');
    expect(hex(visit.raw)).toMatch(/^(0500)+$/);
  });

  it('leaves on DISCONNECT, and comes back', async () => {
    const { visit, test } = await online();
    visit.send({ type: messageTypes.disconnect });
    await visit.ended();
    expect((await test.inState('waiting')).error?.details.reason).toBe('the server said goodbye');
    await (await server.visit(2)).welcome();
    await test.inState('online');
  });

  it('says DISCONNECT when it is stopped, and stays away', async () => {
    const { visit, test } = await online();
    await test.agent.stop();
    await visit.hears('disconnect');
    await visit.ended();
    expect(server.visits).toHaveLength(1);
  });

  it('counts the bytes on the wire over all its connections', async () => {
    const { visit, test } = await online();
    visit.send({ type: messageTypes.describe, id: 1 });
    await visit.hears('ok', 1);
    const { bytes } = test.agent.view;
    expect(bytes.received).toBeGreaterThan(4);
    expect(bytes.sent).toBeGreaterThan(40);
    visit.socket.destroy();
    await (await server.visit(2)).welcome();
    await test.inState('online');
    expect(test.agent.view.bytes.received).toBeGreaterThan(bytes.received);
  });
});

describe('a proxy stream of an agent', () => {
  it('answers OK when the target is there, carries bytes, and ends with STOP when the target ends', async () => {
    const target = await tcpTarget((socket) => {
      socket.once('data', (chunk) => socket.end(`${chunk} yourself`));
    });
    const { visit, test } = await online();
    visit.send(start(0x1234, { port: target }));
    await visit.hears('ok', 0x1234);
    expect(hex(visit.raw)).toBe('010308b424');
    visit.send(Buffer.from('0a0a08b4241aa568656c6c6f', 'hex'));
    await visit.hears('stopStream', 0x1234);
    expect(String(visit.data(0x1234))).toBe('hello yourself');
    expect(hex(visit.raw).endsWith('090308b424')).toBe(true);
    visit.send({ type: messageTypes.ok, id: 0x1234 });
    await waitFor(() => test.agent.view.streams === 0, 'the stream to be forgotten');
  });

  it('is served when its start comes in the same segment as the OK to the login, with its first bytes', async () => {
    const target = await echoTarget();
    startAgent(server.port);
    const visit = await server.visit();
    await visit.welcome(start(3, { port: String(target) }), data(3, 'early'), data(3, ' bytes'));
    await waitFor(() => String(visit.data(3)) === 'early bytes', 'the echo');
    expect(visit.heard[0]).toMatchObject({ type: messageTypes.ok, id: 3 });
  });

  it('says in text that the target refused, in the bytes of the protocol', async () => {
    const { visit } = await online();
    visit.send(start(21, { port: await unusedPort() }));
    await visit.hears('error', 21);
    expect(hex(visit.raw)).toBe('021f08151ac1876d65737361676592436f6e6e656374696f6e2072656675736564');
  });

  it.each([
    ['another protocol', { protocol: 'udp', port: 1 }, /only the protocol tcp/i],
    ['no protocol', { protocol: null, port: 1 }, /only the protocol tcp/i],
    ['an address that is none', { address: 'http://x', port: 1 }, /neither a name nor an IP/],
    ['an address that is a number', { address: 5, port: 1 }, /neither a name nor an IP/],
    ['no port', {}, /port/],
    ['port 0', { port: 0 }, /port/],
    ['a port that is too large', { port: 65_536 }, /port/],
    ['a port that is half', { port: 80.5 }, /port/],
    ['a port in words', { port: '80x' }, /port/],
    ['TLS that is neither wanted nor not', { port: 1, secure: 'yes' }, /secure/],
  ])('is refused with %s', async (_what, parameters, wanted) => {
    const { visit, test } = await online();
    visit.send(start(1, parameters));
    const { payload } = await visit.hears('error', 1);
    expect((payload as { message: string }).message).toMatch(wanted);
    expect(test.agent.view).toMatchObject({ streams: 0, refused: 0 });
  });

  it('leads only where the allow list permits, and counts what it refused', async () => {
    const target = await echoTarget();
    const { visit, test } = await online({ allow: [`127.0.0.1:${target}`] });
    visit.send(
      start(1, { address: '127.0.0.2', port: target }),
      start(2, { port: target + 1 }),
      start(3, { address: '::ffff:127.0.0.1', port: target }),
      start(4, { address: 'no-such-name.invalid', port: 1 }),
    );
    const { payload } = await visit.hears('error', 1);
    expect((payload as { message: string }).message).toBe(
      `The allow list of the device does not permit 127.0.0.2:${target}`,
    );
    await visit.hears('error', 2);
    await visit.hears('ok', 3);
    await visit.hears('error', 4);
    expect(test.agent.view.refused).toBe(3);
    expect(test.logged.filter((line) => line.includes('does not permit'))).toHaveLength(1);
  });

  it('leads nowhere where the allow list is empty', async () => {
    const target = await echoTarget();
    const { visit } = await online({ allow: [] });
    visit.send(start(1, { port: target }), start(2, { address: 'localhost', port: target }));
    await visit.hears('error', 1);
    await visit.hears('error', 2);
  });

  it('leads to a name that is on the list, and to others only where all their addresses are', async () => {
    const target = await echoTarget();
    const named = await online({ allow: [`localhost:${target}`] });
    named.visit.send(start(1, { address: 'LocalHost', port: target }));
    await named.visit.hears('ok', 1);
    const numbered = await online({ allow: [`127.0.0.0/8:${target}`, `[::1]:${target}`] });
    numbered.visit.send(start(1, { address: 'localhost', port: target }));
    await numbered.visit.hears('ok', 1);
    const elsewhere = await online({ allow: [`10.0.0.0/8:${target}`] });
    elsewhere.visit.send(start(1, { address: 'localhost', port: target }));
    const { payload } = await elsewhere.visit.hears('error', 1);
    expect((payload as { message: string }).message).toMatch(/does not permit localhost:\d+ \((127\.0\.0\.1|::1)\)/);
  });

  it('says so where a name is not found', async () => {
    const { visit } = await online({ allow: ['0.0.0.0/0:80'] });
    visit.send(start(1, { address: 'no-such-name.invalid', port: 80 }));
    expect((await visit.hears('error', 1)).payload).toEqual({ message: 'Host not found' });
  });

  it('never leads to a port of the gateway itself', async () => {
    const own = await echoTarget();
    const ownerOf = (address: string, port: number) =>
      address === '127.0.0.1' && port === own ? 'the control port' : undefined;
    const { visit, test } = await online({ allow: ['localhost:*', '127.0.0.1:*'] }, { ownerOf });
    visit.send(start(1, { port: own }), start(2, { address: 'localhost', port: own }));
    expect(JSON.stringify((await visit.hears('error', 1)).payload)).toContain('a port of the gateway itself');
    expect(JSON.stringify((await visit.hears('error', 2)).payload)).toContain('a port of the gateway itself');
    expect(test.agent.view.refused).toBe(2);
  });

  it('with an id that is taken is refused without harm to the first', async () => {
    const { visit } = await online();
    visit.send(start(7, { port: await echoTarget() }));
    await visit.hears('ok', 7);
    visit.send(start(7, { port: await unusedPort() }), data(7, 'still here'));
    await visit.hears('error', 7);
    await waitFor(() => String(visit.data(7)) === 'still here', 'the echo');
  });

  it('beyond the most at once is refused, and has its place when another ends', async () => {
    const { visit, test } = await online({}, { limits: { sessions: 2 } });
    const port = await echoTarget();
    visit.send(start(1, { port }), start(2, { port }), start(3, { port }));
    expect((await visit.hears('error', 3)).payload).toEqual({ message: 'Too many streams' });
    visit.send(stop(1));
    await waitFor(() => test.agent.view.streams === 1, 'one to end');
    visit.send(start(4, { port }));
    await visit.hears('ok', 4);
  });

  it('stopped while its target connects is cancelled: ERROR to the start, OK to the stop', async () => {
    const ends: Promise<string>[] = [];
    const target = await tcpTarget((socket) => {
      ends.push(outcome(socket));
      socket.on('end', () => socket.end());
    });
    const { visit, test } = await online();
    visit.send(start(9, { port: target, secure: true }));
    await waitFor(() => ends.length > 0, 'the target to be dialled');
    visit.send(stop(9));
    await visit.hears('ok', 9);
    expect(visit.heard.map(({ type, id }) => [type, id])).toEqual([
      [messageTypes.error, 9],
      [messageTypes.ok, 9],
    ]);
    await ends[0];
    await waitFor(() => test.agent.view.streams === 0, 'the stream to be forgotten');
  });

  it('has one time for name, TCP and TLS', async () => {
    const target = await tcpTarget((socket) => socket.resume());
    const { visit, test } = await online({}, { limits: { targetMs: 100 } });
    visit.send(start(3, { port: target, secure: true }));
    await visit.hears('error', 3);
    expect(hex(visit.raw)).toBe('022108031ac1876d65737361676594436f6e6e656374696f6e2074696d6564206f7574');
    await waitFor(() => test.agent.view.streams === 0, 'the stream to be forgotten');
  });

  it('stopped by the server hands its target everything before, and a FIN', async () => {
    let heard = '';
    const target = await tcpTarget((socket) => {
      socket.on('data', (chunk) => {
        heard += chunk;
      });
      socket.on('end', () => socket.end('too late'));
    });
    const { visit, test } = await online();
    visit.send(start(1, { port: target }));
    await visit.hears('ok', 1);
    visit.heard.length = 0;
    visit.send(data(1, 'a'.repeat(100_000)), stop(1));
    await visit.hears('ok', 1);
    await waitFor(() => test.agent.view.streams === 0, 'the stream to be forgotten');
    expect(heard).toHaveLength(100_000);
    expect(visit.data(1)).toHaveLength(0);
    expect(visit.heard).toHaveLength(1);
  });

  it('stopped by the server cuts a target that does not close', async () => {
    const target = await tcpTarget((socket) => socket.resume());
    const { visit, test } = await online({}, { limits: { endMs: 50 } });
    visit.send(start(1, { port: target }));
    await visit.hears('ok', 1);
    visit.send(stop(1));
    await waitFor(() => test.agent.view.streams === 0, 'the stream to be forgotten');
  });

  it('whose target goes on after the stop lets it come to its end without more words to the server', async () => {
    let ticks: NodeJS.Timeout | undefined;
    const target = await tcpTarget((socket) => {
      ticks = setInterval(() => socket.write('tick'), 10);
      socket.on('close', () => clearInterval(ticks));
    });
    onClose(() => clearInterval(ticks));
    const { visit, test } = await online({}, { limits: { endMs: 1500 } });
    visit.send(start(1, { port: target }));
    await waitFor(() => visit.data(1).length > 0, 'the first tick');
    visit.send(stop(1));
    await visit.hears('ok', 1);
    await waitFor(() => test.agent.view.streams === 0, 'the stream to be forgotten');
    expect(visit.heard.filter(({ type }) => type === messageTypes.stopStream)).toHaveLength(0);
  });

  it('ends with its connection: the target is reset', async () => {
    const ends: Promise<string>[] = [];
    const target = await tcpTarget((socket) => {
      ends.push(outcome(socket));
      socket.on('end', () => socket.end());
    });
    const { visit } = await online();
    visit.send(start(1, { port: target }), start(2, { port: target }), start(3, { port: target, secure: true }));
    await visit.hears('ok', 1);
    await visit.hears('ok', 2);
    await waitFor(() => ends.length === 3, 'three connections');
    visit.socket.destroy();
    expect((await Promise.all(ends)).filter((end) => end === 'ECONNRESET').length).toBeGreaterThanOrEqual(2);
  });

  it('told of nothing by a target that is reset ends with STOP', async () => {
    const target = await tcpTarget((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { visit, test } = await online();
    visit.send(start(1, { port: target }), data(1, 'x'));
    await visit.hears('stopStream', 1);
    await waitFor(() => test.agent.view.streams === 0, 'the stream to be forgotten');
  });
});
