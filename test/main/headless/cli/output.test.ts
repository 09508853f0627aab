import { ORPCError } from '@orpc/client';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { commandExitCode, faultLines } from '../../../../main/headless/cli/output.ts';
import { statusText } from '../../../../main/headless/cli/status.ts';
import { table } from '../../../../main/headless/cli/table.ts';
import { limitsText, viaText } from '../../../../main/headless/cli/words.ts';
import { readable } from '../../../../main/host/log.ts';
import { SluiceError } from '../../../../shared/errors.ts';
import { bytesText, durationText, jsonText, plain } from '../../../../shared/text.ts';

const HOSTILE = 'a\u001b[31m\u009b2J\u202e\r\n\u2028\u{e0041}b';

describe('foreign text', () => {
  test('loses its power over the terminal and nothing else', () => {
    expect(plain(HOSTILE)).toBe('a\uFFFD[31m\uFFFD2J\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDb');
    expect(plain('Größe 1 → 数 🏭')).toBe('Größe 1 → 数 🏭');
  });

  test('stays what it is in JSON', () => {
    const text = jsonText({ name: HOSTILE });
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\u2028]/u);
    expect(JSON.parse(text)).toEqual({ name: HOSTILE });
  });
});

describe('figures', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [200 * 1024, '200 KiB'],
    [1024 ** 2, '1.0 MiB'],
    [5 * 1024 ** 5, '5120 TiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  test.each([
    [400, '0 s'],
    [59_000, '59 s'],
    [61_000, '1 min'],
    [3_600_000 * 5 + 12 * 60_000, '5 h 12 min'],
    [3_600_000 * 76, '3 d 4 h'],
  ])('%d ms are %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

test('limits are told in the unit of their flags', () => {
  expect(limitsText({ idleTimeoutMs: 3_600_000, connectTimeoutMs: 1500, lingerMs: 30_000, maxPipes: 4 })).toBe(
    'idle 3600 s, connect 1.5 s, linger 30 s, at most 4 pipes',
  );
  expect(limitsText({ udpIdleTimeoutMs: 60_000, maxPipes: 0 })).toBe('UDP idle 60 s, any number of pipes');
});

test('a target is shown with the device on the way', () => {
  expect(viaText('10.0.0.7:502', 'alice/raspi')).toBe('10.0.0.7:502 via alice/raspi');
  expect(viaText('10.0.0.7:502', undefined)).toBe('10.0.0.7:502');
});

test('a table has columns as wide as what is shown, and no empty ends', () => {
  const rows = [
    ['plc-web', '数字', 'listening'],
    ['a', `x${HOSTILE}`, ''],
  ];
  const [head, first, second] = table(rows, ['ID', 'NAME', 'STATE']).split('\n');
  expect(head).toMatch(/^ID {7}NAME +STATE$/);
  expect(first).toMatch(/^plc-web {2}数字 +listening$/);
  expect(second).toMatch(/^a {8}xa\uFFFD\S+b$/);
});

describe('a fault', () => {
  const known = new SluiceError('GATEWAY_NOT_RUNNING', { folder: '/data' });
  const sent = (details: object) => new ORPCError('BAD_REQUEST', { message: 'No.', data: { next: 'Do it.', details } });

  test('is one line with what to do next', () => {
    expect(faultLines(known)).toEqual(['No Sluice is running on the data folder /data. Start it with: sluice serve']);
    expect(faultLines(sent({}))).toEqual(['No. Do it.']);
    expect(faultLines(new ORPCError('X', { message: `No.${HOSTILE}` }))).toEqual([`No.${plain(HOSTILE)}`]);
  });

  test('has a line for each refused field', () => {
    const issues = [
      { path: 'config.source.port', message: 'Use a port.' },
      { path: '', message: 'Use an object.' },
    ];
    expect(faultLines(sent({ issues }))).toEqual(['config.source.port: Use a port.', 'Use an object.']);
  });

  test('that is a mistake of the program says where it is', () => {
    expect(faultLines(new TypeError('odd')).join('\n')).toMatch(/^Sluice made a mistake\.\nTypeError: odd\n/);
  });

  test.each([
    [new SluiceError('DATA_FOLDER_IN_USE'), 3],
    [new SluiceError('CONFIG_UNREADABLE'), 4],
    [new SluiceError('CONFIG_NEWER'), 4],
    [known, 1],
    [sent({}), 1],
    [new TypeError('odd'), 1],
    [new CommanderError(1, 'commander.unknownOption', ''), 2],
    [new CommanderError(0, 'commander.helpDisplayed', ''), 0],
  ])('%s ends the program with %d', (thrown, code) => {
    expect(commandExitCode(thrown)).toBe(code);
  });
});

test('the status names the states that there are, and every notice', () => {
  const notice = new SluiceError('CONFIG_RESTORED', { savedAt: 'noon', keptAs: 'config.damaged.json' }).info(0);
  const text = statusText({
    version: '1.2.3',
    host: 'headless',
    stopped: false,
    uptime: 61,
    rss: 1024 ** 2,
    heapUsed: 0,
    openFiles: null,
    pipes: 2,
    flows: 1,
    devices: { total: 3, online: 2 },
    portals: { address: '127.0.0.1', port: 7431, error: null },
    profiles: { disabled: 1, starting: 0, listening: 3, degraded: 0, waiting: 0, retrying: 0, fault: 0 },
    bytes: { received: 0, sent: 2048 },
    rate: { received: 0, sent: 0 },
    notices: [notice],
  });
  expect(text.split('\n')).toEqual([
    'Sluice      1.2.3 (headless), up for 1 min',
    'Proxies     1 disabled, 3 listening',
    'Devices     3 registered, 2 online',
    'Pipes       2 TCP, 1 UDP',
    'To targets  0 B, now 0 B/s',
    'Back        2.0 KiB, now 0 B/s',
    'Memory      1.0 MiB',
    `! ${notice.message} The damaged file is kept as config.damaged.json.`,
  ]);
});

test('a log line for people is one line, whatever it holds', () => {
  const err = { type: 'Error', message: 'odd', stack: 'Error: odd\n    at a\n    at b' };
  const line = readable(JSON.stringify({ level: 50, time: 0, msg: 'It failed.', proxy: HOSTILE, tries: 2, err }));
  expect(line).toMatch(/^\d\d:\d\d:\d\d error It failed\. proxy=a.*b tries=2 \(Error: odd at a at b\)\n$/);
});
