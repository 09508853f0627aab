/** Real clients talk to real servers through a tap; tshark has to find in the export what they said. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { client as modbusClient, server as modbusServer } from 'jsmodbus';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Conversation } from '../../../../main/traffic/conversation.ts';
import { har } from '../../../../main/traffic/export/har.ts';
import { pcapng } from '../../../../main/traffic/export/pcapng.ts';
import { hasPrograms, leftOut } from '../../../support/apt.ts';
import { findMosquitto, mosquittoConfig, publish, retained } from '../../../support/mosquitto.ts';
import { all, bytesOf, record } from '../../../support/recorded.ts';
import { closeAll, connect, onClose, sha256, unusedPort } from '../../../support/sockets.ts';
import { dissect, hasTshark } from '../../../support/tshark.ts';
import { waitFor } from '../../../support/wait.ts';

afterEach(closeAll);

const run = promisify(execFile);
const tshark = hasTshark();

/** Both legs of each conversation hold its bytes, and nothing about the file is strange. */
async function judged(conversations: readonly Conversation[]) {
  const file = await dissect(pcapng(conversations));
  for (const [index, conversation] of conversations.entries()) {
    for (const leg of [0, 1]) {
      const { received, sent } = await file.follow('tcp', 2 * index + leg);
      expect(sha256(received)).toBe(sha256(await bytesOf(conversation, 'received')));
      expect(sha256(sent)).toBe(sha256(await bytesOf(conversation, 'sent')));
    }
  }
  expect(await file.complaints()).toEqual([]);
  return file;
}

async function listening(server: net.Server): Promise<number> {
  onClose(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

const curl = hasPrograms(['/usr/bin/curl'], ['curl']);

test.runIf(curl)(`HAR has what curl asked and was answered${curl ? '' : leftOut('curl')}`, async () => {
  const page = 'page '.repeat(1000);
  const server = http.createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' }).end(gzipSync(page));
  });
  const { port, ended } = await record(await listening(server));
  await run('curl', [
    '-s',
    '--compressed',
    `http://127.0.0.1:${port}/a`,
    '-d',
    'x=1',
    '--next',
    `http://127.0.0.1:${port}/b`,
  ]);
  const conversations = await ended(1);
  const files = await Promise.all(
    conversations.map(async (conversation) => Buffer.concat(await all(har(conversation)))),
  );
  const entries = files.flatMap((file) => JSON.parse(file.toString()).log.entries);
  expect(entries).toMatchObject([
    {
      request: { method: 'POST', url: `http://127.0.0.1:${port}/a`, postData: { text: 'x=1' } },
      response: { status: 200, content: { mimeType: 'text/html', text: page } },
    },
    { request: { method: 'GET', url: `http://127.0.0.1:${port}/b` }, response: { content: { text: page } } },
  ]);
});

describe.runIf(tshark)(`tshark, reading what real programs said${tshark ? '' : leftOut('tshark')}`, () => {
  test.runIf(curl)(`dissects HTTP of curl${curl ? '' : leftOut('curl')}`, async () => {
    const [download, upload] = [randomBytes(1_500_000), randomBytes(300_000)];
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => {
        if (request.method === 'GET') response.end(download);
        else response.writeHead(201, { 'Content-Type': 'application/json' }).end('{"stored":true}');
      });
    });
    const { port, ended } = await record(await listening(server), { target: '10.0.0.7:80' });
    const address = `http://127.0.0.1:${port}`;
    const folder = mkdtempSync(join(tmpdir(), 'sluice-curl-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await run('curl', [
      '-s',
      '-o',
      join(folder, '1'),
      `${address}/file?name=a`,
      '-o',
      join(folder, '2'),
      `${address}/b`,
    ]);
    const posted = spawn('curl', ['-s', '--data-binary', '@-', '-H', 'Expect:', `${address}/stored`]);
    posted.stdin.end(upload);
    await once(posted, 'close');

    const file = await judged(await ended(2));
    const each = (...values: string[]) => [values, values];
    const requests = await file.fields('http.request', 'http.request.method', 'http.request.uri');
    expect(requests).toEqual([...each('GET', '/file?name=a'), ...each('GET', '/b'), ...each('POST', '/stored')]);
    const answers = await file.fields('http.response', 'http.response.code', 'http.content_length');
    expect(answers).toEqual([...each('200', '1500000'), ...each('200', '1500000'), ...each('201', '')]);
  });

  const mosquitto = findMosquitto();
  test.runIf(mosquitto)(`dissects MQTT of mosquitto${mosquitto ? '' : leftOut('mosquitto')}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-mosquitto-'));
    const broker = await unusedPort();
    const process = spawn(mosquitto ?? '', ['-c', mosquittoConfig(folder, broker)], { stdio: 'ignore' });
    onTestFinished(async () => {
      process.kill();
      if (process.exitCode === null) await once(process, 'exit');
      rmSync(folder, { recursive: true, force: true });
    });
    await waitFor(() => connect(broker).catch(() => undefined), 'the broker to listen');
    const { port, ended } = await record(broker, { target: '10.0.0.7:1883' });
    const long = 'ü'.repeat(50_000);
    await publish(port, 'pump/1', long);
    expect(await retained(port, 'pump/1')).toBe(long);

    const file = await judged(await ended(2));
    const kinds = await file.fields('mqtt && frame.interface_id == 1', 'tcp.stream', 'mqtt.msgtype');
    const perStream = (stream: string) => kinds.filter((row) => row[0] === stream).flatMap((row) => row[1]?.split(','));
    // CONNECT, CONNACK, PUBLISH, PUBACK, DISCONNECT
    expect(perStream('1')).toEqual(['1', '2', '3', '4', '14']);
    // CONNECT, CONNACK, SUBSCRIBE, SUBACK, PUBLISH, and farewells
    expect(perStream('3').slice(0, 5)).toEqual(['1', '2', '8', '9', '3']);
    const published = await file.fields('mqtt.msgtype == 3', 'mqtt.topic', 'mqtt.len');
    expect(published.map(([topic]) => topic)).toEqual(['pump/1', 'pump/1', 'pump/1', 'pump/1']);
    for (const [, length] of published) expect(Number(length)).toBeGreaterThan(100_000);
  });

  test('dissects Modbus of a client that reads and writes registers', async () => {
    const server = net.createServer();
    const holding = Buffer.alloc(64);
    holding.writeUInt16BE(1234, 2 * 7);
    new modbusServer.TCP(server, { holding });
    const { port, ended } = await record(await listening(server), { target: '10.0.0.7:502' });
    const socket = new net.Socket();
    onClose(() => socket.destroy());
    const master = new modbusClient.TCP(socket, 17);
    await once(socket.connect(port, '127.0.0.1'), 'connect');
    expect((await master.readHoldingRegisters(7, 1)).response.body.valuesAsArray).toEqual([1234]);
    await master.writeSingleRegister(8, 4321);
    expect((await master.readHoldingRegisters(7, 2)).response.body.valuesAsArray).toEqual([1234, 4321]);
    socket.end();

    const file = await judged(await ended(1));
    const names = ['modbus.func_code', 'mbtcp.unit_id', 'modbus.regval_uint16'];
    const rows = await file.fields('modbus && frame.interface_id == 0', ...names);
    expect(rows).toEqual([
      ['3', '17', ''],
      ['3', '17', '1234'],
      ['6', '17', ''],
      ['6', '17', ''],
      ['3', '17', ''],
      ['3', '17', '1234,4321'],
    ]);
  });
});
