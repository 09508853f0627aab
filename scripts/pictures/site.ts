/** A gateway as in the design pictures, made of things that really happen. */
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { issue } from '../../test/support/certificates.ts';
import { startDevice } from '../../test/support/device-process.ts';
import { modbusPlc, poll } from '../../test/support/modbus-plc.ts';
import { portalSite } from '../../test/support/portal-site.ts';
import type { Program } from '../../test/support/program.ts';
import { attempt, connect, echoTarget, onClose, tcpTarget, udpEcho, unusedPort } from '../../test/support/sockets.ts';
import { waitFor } from '../../test/support/wait.ts';

const ACCOUNT = 'plant';

interface Sample {
  readonly proxy: string;
  readonly name: string;
  readonly description?: string;
  readonly protocol?: 'tcp' | 'udp' | 'tcp+udp' | 'tcp_iotmp';
  readonly device?: string;
  readonly port: number;
  readonly address?: string;
  readonly allow?: string[];
  readonly target: [address: string, port: number];
  readonly maxPipes?: number;
  readonly enabled?: boolean;
}

async function add(program: Program, sample: Sample): Promise<void> {
  const { status, body } = await program.call('POST', '/v1/proxies', {
    proxy: sample.proxy,
    name: sample.name,
    description: sample.description ?? '',
    enabled: sample.enabled ?? true,
    config: {
      protocol: sample.protocol ?? 'tcp',
      source: { port: sample.port, address: sample.address ?? '127.0.0.1', allow: sample.allow ?? [] },
      target: {
        type: 'address',
        ...(sample.device && { user: ACCOUNT, device: sample.device }),
        address: sample.target[0],
        port: sample.target[1],
      },
      limits: { maxPipes: sample.maxPipes ?? 0 },
    },
  });
  if (status !== 200) throw new Error(`${sample.proxy} was refused: ${JSON.stringify(body)}`);
}

export async function makeSite(program: Program): Promise<void> {
  const echo = await echoTarget();
  const web = await tcpTarget((socket) =>
    socket.on('data', (chunk) => socket.write(Buffer.alloc(chunk.length * 20, 'x'))),
  );
  const busy = net.createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  onClose(() => busy.close());
  const refusing = await unusedPort();
  const port = { boiler: await unusedPort(), pump: await unusedPort(), hmi: await unusedPort() };
  await program.call('PUT', '/v1/settings', {
    siteName: 'Pump station 3',
    account: ACCOUNT,
    agents: [
      {
        agent: 'cloud',
        host: '127.0.0.1',
        port: refusing,
        user: 'plant',
        device: 'station-3',
        credentials: 'not a secret',
        allow: ['127.0.0.1:80', '10.0.0.0/24:502'],
      },
    ],
  });
  await makeDevices(program);
  await makePlugins(program, await unusedPort());
  await makePortals(program);
  await makeCertificates(program);
  await add(program, {
    proxy: 'modbus-gw',
    name: 'Modbus gateway',
    port: (busy.address() as net.AddressInfo).port,
    target: ['10.0.0.7', 502],
  });
  await add(program, {
    proxy: 'boiler-ctl',
    name: 'Boiler controller',
    port: port.boiler,
    target: ['127.0.0.1', refusing],
    maxPipes: 4,
  });
  await add(program, {
    proxy: 'flow-log',
    name: 'Flow logger',
    protocol: 'udp',
    port: 5514,
    address: '192.0.2.4',
    target: ['10.0.0.52', 514],
  });
  await add(program, {
    proxy: 'plc-pump',
    name: 'Pump PLC',
    description: 'Hall 2, left cabinet',
    protocol: 'tcp_iotmp',
    device: 'raspi',
    port: port.pump,
    address: '0.0.0.0',
    allow: ['127.0.0.0/8'],
    target: ['127.0.0.1', echo],
    maxPipes: 1,
  });
  await add(program, {
    proxy: 'hmi-web',
    name: 'HMI web page',
    port: port.hmi,
    target: ['127.0.0.1', web],
    maxPipes: 16,
  });
  const press = await unusedPort();
  await add(program, { proxy: 'press-plc', name: 'Press PLC', port: press, target: ['127.0.0.1', await modbusPlc()] });
  await program.call('POST', '/v1/proxies/press-plc/capture', { seconds: 3600 });
  poll(await connect(press));
  await add(program, {
    proxy: 'vendor-rdp',
    name: 'Vendor remote desktop',
    port: await unusedPort(),
    address: '0.0.0.0',
    allow: ['192.168.1.0/24'],
    target: ['10.0.0.40', 3389],
    maxPipes: 1,
  });
  await add(program, {
    proxy: 'weir-cam',
    name: 'Weir camera',
    protocol: 'tcp_iotmp',
    device: 'cam-east',
    port: await unusedPort(),
    target: ['localhost', 80],
    maxPipes: 4,
  });
  await add(program, {
    proxy: 'meter-01',
    name: 'Energy meter, main feed',
    protocol: 'tcp_iotmp',
    device: 'raspi',
    port: await unusedPort(),
    target: ['10.0.0.31', 502],
    maxPipes: 2,
  });
  await add(program, {
    proxy: 'mast',
    name: 'Weather mast',
    protocol: 'tcp+udp',
    port: await unusedPort(),
    target: ['127.0.0.1', await udpEcho()],
    maxPipes: 4,
  });
  await add(program, { proxy: 'influxdb2', name: 'InfluxDB', port: 8087, target: ['localhost', 8086], enabled: false });
  await add(program, {
    proxy: 'panel-vnc',
    name: 'Old panel, VNC',
    port: 5901,
    target: ['panel-01.local', 5900],
    enabled: false,
  });
  const [polled] = (await program.call('GET', '/v1/pipes?proxy=press-plc')).body;
  const name = 'Press PLC, before the update';
  await program.call('POST', `/v1/pipes/${polled.pipe}/record`, { name });
  for (let turn = 0; turn < 3; turn++) await attempt(port.boiler);
  await talk(port.pump, 1, 18);
  await talk(port.hmi, 3, 210);
}

/** One that stays, one that has gone, one that never came, one that is disabled, and two that are turned away. */
async function makeDevices(program: Program): Promise<void> {
  const sample = [
    { device: 'raspi', name: 'Raspberry Pi', description: 'Pump hall, behind the door' },
    { device: 'cam-east', name: 'Camera east', description: 'Weir, LTE' },
    { device: 'rtu-7', name: 'RTU 7', description: '' },
    { device: 'old-panel', name: 'Old panel', description: 'Spare part, not in use', enabled: false },
  ];
  const credentials = 'only for pictures';
  for (const body of sample) {
    const { status } = await program.call('POST', `/v1/users/${ACCOUNT}/devices`, { ...body, credentials });
    if (status !== 200) throw new Error(`${body.device} was refused.`);
  }
  const { listeners } = (await program.call('GET', '/v1/hub')).body;
  const hub = listeners.find(({ transport }: { transport: string }) => transport === 'tls').port;
  const run = (device: string, secret = credentials) => {
    const started = startDevice({
      ...{ hub, user: ACCOUNT, device, credentials: secret, transport: 'tls' },
      more: ['--verify', `pin:${fingerprint}`],
    });
    onClose(() => started.process.kill());
    return started;
  };
  const { fingerprint } = (await program.call('GET', '/v1/hub')).body;
  const isOnline = async (device: string) =>
    (await program.call('GET', `/v1/users/${ACCOUNT}/devices/${device}`)).body.connection.active;
  run('raspi');
  const camera = run('cam-east');
  await waitFor(() => isOnline('raspi'), 'raspi', 15_000);
  await waitFor(() => isOnline('cam-east'), 'cam-east', 15_000);
  await camera.stop();
  const strangers = [run('rtu-7', 'wrong ones'), run('mast-2')];
  await waitFor(async () => (await program.call('GET', '/v1/hub')).body.incidents.length >= 2, 'two incidents', 15_000);
  for (const stranger of strangers) await stranger.stop();
}

/** One of each kind and state, and proxies that show them and stumble over others. */
async function makeCertificates(program: Program): Promise<void> {
  const call = async (path: string, body: object) => {
    const { status, body: answer } = await program.call('POST', path, body);
    if (status !== 200) throw new Error(`${path} was refused: ${JSON.stringify(answer)}`);
  };
  const plant = issue({ isAuthority: true, to: 1100 });
  const files = '/v1/certificates/import';
  const names = ['pump3.waterworks.lan', '192.168.1.10'];
  await call('/v1/certificates', { certificate: 'pump3', name: 'pump3.waterworks.lan', kind: 'server', names });
  await call('/v1/certificates', {
    certificate: 'tablet',
    name: 'Tablet of the night shift',
    kind: 'client',
    days: 12,
  });
  const ended = issue({ names: ['weir-cam.local'], issuer: plant, from: -180, to: -19 });
  const old = { certificate: 'weir-cam', name: 'weir-cam.local', kind: 'server', content: ended.cert, key: ended.key };
  await call(files, old);
  const soon = issue({ names: ['influx.lan'], issuer: plant, from: -300, to: 10 });
  await call(files, { certificate: 'influx', name: 'influx.lan', kind: 'server', content: soon.cert, key: soon.key });
  await call(files, { certificate: 'acme', name: 'ACME Plant CA', kind: 'trusted', content: plant.cert });
  await call('/v1/certificates/requests', {
    certificate: 'gw3',
    name: 'gw3-request',
    kind: 'server',
    names: ['gw3.lan'],
  });
  const secure = { secure: true, certificate: 'pump3', clientCa: 'local-ca' };
  const target = { type: 'address', address: '127.0.0.1', secure: true };
  const panel = tls.createServer(issue({ names: ['panel-01'] })).on('tlsClientError', () => {});
  panel.listen(0, '127.0.0.1');
  await once(panel, 'listening');
  onClose(() => panel.close());
  const { port } = panel.address() as net.AddressInfo;
  const config = { protocol: 'tcp', source: { port: await unusedPort(), ...secure }, target: { ...target, port } };
  await call('/v1/proxies', { proxy: 'panel-01', name: 'Panel 01', config });
}

/** A program that answers, one that crashes, one that never answers, two that others run, and proxies that lead there. */
async function makePlugins(program: Program, port: number): Promise<void> {
  const run = (script: string) => ({ command: process.execPath, args: ['--input-type=commonjs', '--eval', script] });
  const flow = `
    require('http').createServer((_, answer) => answer.end('flows')).listen(${port}, '127.0.0.1', () => {
      console.log('Welcome to Node-RED\\n===================\\n');
      console.log('[info] Loading palette nodes');
      console.error('[warn] [serialport] The port /dev/ttyUSB0 was not found; it is looked for again.');
      console.log('[info] Server now running at http://127.0.0.1:${port}/');
      console.log('[info] Started flows');
    });
    setInterval(() => console.log('[info] [mqtt:pump] 12 messages in the last 2 s'), 2000);`.replace(/\n\s*/g, ' ');
  const samples = [
    {
      ...{ plugin: 'node-red', name: 'Node-RED', description: 'Flows of the pump hall', category: 'automation', port },
      process: { ...run(flow), env: { NODE_RED_HOME: '/var/lib/node-red' }, secrets: { NODE_RED_SECRET: 'hidden' } },
    },
    {
      ...{ plugin: 'weather', name: 'Weather feed', description: 'Fetches the forecast', port: await unusedPort() },
      process: run("console.error('Error: forecast.local answered 503'); process.exit(3)"),
    },
    {
      ...{ plugin: 'report', name: 'Daily report', port: await unusedPort() },
      process: run("console.log('Reading 4 years of figures…'); setInterval(() => {}, 1000)"),
    },
    { plugin: 'mosquitto', name: 'Mosquitto', description: 'MQTT for the hall', port: await echoTarget() },
    { plugin: 'grafana', name: 'Grafana', port: await unusedPort() },
    { plugin: 'syslog', name: 'Syslog', description: 'Journal of the PLCs', port: 514, transport: 'udp' },
  ];
  for (const body of samples) {
    const { status } = await program.call('POST', `/v1/users/${ACCOUNT}/plugins`, body);
    if (status !== 200) throw new Error(`${body.plugin} was refused.`);
  }
  for (const [proxy, name, plugin] of [
    ['flows', 'Flows', 'node-red'],
    ['flows-lan', 'Flows for the hall', 'node-red'],
    ['forecast', 'Forecast', 'weather'],
  ]) {
    const config = { source: { port: await unusedPort() }, target: { type: 'plugin', user: ACCOUNT, plugin, port } };
    await program.call('POST', '/v1/proxies', { proxy, name, config: { protocol: 'tcp', ...config } });
  }
}

/** A portal that works, one whose target refuses, and one whose device has gone. */
async function makePortals(program: Program): Promise<void> {
  const { port } = await portalSite({ title: 'Pump station 3' });
  for (const [proxy, name, device, target] of [
    ['pumps', 'PumpLogic HMI', 'raspi', port],
    ['inverter', 'Inverter', 'raspi', await unusedPort()],
    ['weir', 'Camera', 'cam-east', 80],
  ]) {
    const config = {
      protocol: 'http_iotmp',
      target: { type: 'address', user: ACCOUNT, device, address: '127.0.0.1', port: target },
    };
    const { status } = await program.call('POST', '/v1/proxies', { proxy, name, config });
    if (status !== 200) throw new Error(`${proxy} was refused.`);
  }
}

/** Clients that go on talking until everything is closed. */
async function talk(port: number, clients: number, bytes: number): Promise<void> {
  for (let number = 0; number < clients; number++) {
    const client = await connect(port);
    client.on('data', () => {});
    const timer = setInterval(
      () => client.write(Buffer.alloc(Math.ceil(bytes * (0.7 + Math.random() * 0.6)), 'x')),
      100,
    );
    onClose(() => clearInterval(timer));
  }
}
