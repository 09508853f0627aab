import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../../../../main/traffic/conversation.ts';
import { pcapng } from '../../../../main/traffic/export/pcapng.ts';
import { leftOut } from '../../../support/apt.ts';
import { blocksOf } from '../../../support/pcapng.ts';
import { all, OPENED, Script } from '../../../support/recorded.ts';
import { closeAll, sha256 } from '../../../support/sockets.ts';
import { type Dissected, dissect, hasTshark } from '../../../support/tshark.ts';

afterEach(closeAll);

const ask = () => new Script().data('received', 'ask').data('sent', 'answer');

async function written(...conversations: Conversation[]): Promise<Buffer> {
  return Buffer.concat(await all(pcapng(conversations)));
}

describe('a PCAPNG file', () => {
  test('is a section, two interfaces, and packets that are whole blocks each', async () => {
    const parts = await all(pcapng([ask().end('received').end('sent').of()]));
    const blocks = blocksOf(Buffer.concat(parts));
    expect(blocks).toHaveLength(parts.length);
    expect(blocks.map(({ type }) => type)).toEqual([0x0a0d0d0a, 1, 1, ...new Array<number>(18).fill(6)]);
    expect(blocks[1]?.texts).toEqual([expect.stringContaining('decrypted'), 'leg 1', 'client ↔ source']);
    expect(blocks[2]?.texts).toEqual([expect.stringContaining('decrypted'), 'leg 2', 'gateway ↔ target']);
  });

  test('is only its head where there is no conversation', async () => {
    expect(blocksOf(await written()).map(({ type }) => type)).toEqual([0x0a0d0d0a, 1, 1]);
  });

  test('has no packet of the leg to a target that was never reached', async () => {
    const blocks = blocksOf(await written(new Script().end('sent', 'reset').of({ reason: 'connect_failed' })));
    expect(blocks.filter(({ type }) => type === 6).map(({ body }) => body.readUInt32LE(0))).toEqual([0, 0, 0, 0]);
  });

  test('asks for the next entry only when the packets of the last were taken', async () => {
    let given = 0;
    const endless: Conversation = {
      pipe: ask().of().pipe,
      async *entries() {
        for (;;) yield { kind: 'data', at: OPENED, way: 'sent', offset: given++, bytes: Buffer.from('x') } as const;
      },
    };
    const parts = pcapng([endless]);
    for (let count = 0; count < 3 + 6 + 2; count++) await parts.next();
    expect(given).toBe(1);
    await parts.next();
    expect(given).toBe(2);
    await parts.return(undefined);
  });
});

const tshark = hasTshark();

describe.runIf(tshark)(`tshark, reading such a file${tshark ? '' : leftOut('tshark')}`, () => {
  const read = (...conversations: Conversation[]): Promise<Dissected> => dissect(pcapng(conversations));
  const segments = (file: Dissected, filter = 'tcp') =>
    file.fields(filter, 'frame.interface_name', 'ip.src', 'tcp.seq', 'tcp.ack', 'tcp.len', 'tcp.flags.str');

  test('sees a connection on each leg, from SYN to FIN, and finds nothing strange', async () => {
    const file = await read(ask().end('received').end('sent').of());
    const [client, source, own, target] = ['192.168.1.20', '192.0.2.1', '192.0.2.1', '10.0.0.7'];
    const rows = (name: string, near: string, far: string) => [
      [name, near, '0', '0', '0', '··········S·'],
      [name, far, '0', '1', '0', '·······A··S·'],
      [name, near, '1', '1', '0', '·······A····'],
      [name, near, '1', '1', '3', '·······AP···'],
      [name, far, '1', '4', '6', '·······AP···'],
      [name, near, '4', '7', '0', '·······A···F'],
      [name, far, '7', '5', '0', '·······A····'],
      [name, far, '7', '5', '0', '·······A···F'],
      [name, near, '5', '8', '0', '·······A····'],
    ];
    expect(await segments(file, 'tcp.stream == 0')).toEqual(rows('leg 1', client, source));
    expect(await segments(file, 'tcp.stream == 1')).toEqual(rows('leg 2', own, target));
    expect(await file.complaints()).toEqual([]);
  });

  test('sees each leg first on the side that the bytes came from, at the time at which they were read', async () => {
    const script = new Script();
    script.entries.push(
      { kind: 'data', at: OPENED + 0.125, way: 'received', offset: 0, bytes: Buffer.from('a') },
      { kind: 'data', at: OPENED + 1234.5, way: 'sent', offset: 0, bytes: Buffer.from('b') },
    );
    expect(await (await read(script.of())).fields('tcp.len > 0', 'frame.interface_id', 'frame.time_epoch')).toEqual([
      ['0', '1700000000.000125000'],
      ['1', '1700000000.000125000'],
      ['1', '1700000001.234500000'],
      ['0', '1700000001.234500000'],
    ]);
  });

  test('follows megabytes both ways as the same bytes', async () => {
    const [up, down] = [randomBytes(3_000_001), randomBytes(2_222_222)];
    const script = new Script();
    for (let at = 0; at < up.length; at += 700_001) {
      script.data('received', up.subarray(at, at + 700_001)).data('sent', down.subarray(at, at + 700_001));
    }
    const file = await read(script.end('sent').end('received').of());
    for (const leg of [0, 1]) {
      const { received, sent } = await file.follow('tcp', leg);
      expect([sha256(received), sha256(sent)]).toEqual([sha256(up), sha256(down)]);
    }
    expect(await file.complaints()).toEqual([]);
  });

  test('sees who reset a connection', async () => {
    const file = await read(
      ask().end('received', 'reset').data('sent', 'too late').of(),
      ask().end('received').end('sent', 'reset').of({ client: '192.168.1.20:50123' }),
    );
    expect(await file.fields('tcp.flags.reset == 1', 'tcp.stream', 'ip.src')).toEqual([
      ['0', '192.168.1.20'],
      ['1', '192.0.2.1'],
      ['3', '10.0.0.7'],
      ['2', '192.0.2.1'],
    ]);
    expect(await file.complaints()).toEqual([expect.stringMatching(/ 4 +Sequence +TCP +Connection reset \(RST\)$/)]);
  });

  test('is told of a gap by the packet after it, and complains of nothing else', async () => {
    const script = ask().gap('received', 1234).data('received', 'more').data('sent', 'and more');
    const file = await read(script.end('received').end('sent').of());
    expect(await file.fields('frame.comment contains "captured"', 'tcp.seq', 'tcp.len', 'frame.comment')).toEqual([
      ['1238', '4', '1234 bytes were not captured'],
      ['1238', '4', '1234 bytes were not captured'],
    ]);
    expect(await file.complaints()).toEqual([
      expect.stringMatching(/ 2 +Sequence +TCP +Previous segment\(s\) not captured/),
      expect.stringMatching(/ 2 +Sequence +TCP +ACKed segment that wasn't captured/),
    ]);
    const { received, sent } = await file.follow('tcp', 0);
    expect(received.toString()).toBe('ask[1234 bytes missing in capture file]\0more');
    expect(sent.toString()).toBe('answerand more');
  });

  test('is told of gaps at the beginning, before the end, and of those that nothing followed', async () => {
    const late = new Script(77).data('received', 'late').gap('received', 5).end('received').gap('sent', 6);
    expect(await (await read(late.of())).fields('frame.comment contains "captured"', 'frame.comment')).toEqual(
      ['77', '77', '5', '5', '83', '83'].map((bytes) => [`${bytes} bytes were not captured`]),
    );
  });

  test('counts on where sequence numbers wrap, past 4 GiB', async () => {
    const script = new Script();
    const ways = ['received', 'sent'] as const;
    for (let round = 0; round < 6; round++) {
      for (const way of ways) script.gap(way, 2 ** 30 - 1000).data(way, `${round}`.repeat(1000));
    }
    const file = await read(script.end('received').end('sent').of());
    const rows = await file.fields('tcp.stream == 0 && tcp.len == 1000', 'ip.src', 'tcp.seq_raw', 'tcp.ack_raw');
    const first = Number((await file.fields('frame.number == 1', 'tcp.seq_raw'))[0]?.[0]) + 1;
    const wire = (offset: number) => String((first + offset) % 2 ** 32);
    expect(rows).toEqual(
      [1, 2, 3, 4, 5, 6].flatMap((round) => [
        ['192.168.1.20', wire(round * 2 ** 30 - 1000), wire((round - 1) * 2 ** 30)],
        ['192.0.2.1', wire(round * 2 ** 30 - 1000), wire(round * 2 ** 30)],
      ]),
    );
    const { received } = await file.follow('tcp', 0);
    const text = received.toString().replaceAll(/\[\d+ bytes missing in capture file\]\0/g, '');
    expect(text).toBe(['0', '1', '2', '3', '4', '5'].map((digit) => digit.repeat(1000)).join(''));
    expect((await file.complaints()).filter((line) => !line.includes('captured'))).toEqual([]);
  });

  test.each([1, 3, 4, 5, 7])(
    'loses nothing after a gap of %i GiB, whose comment has the true size',
    async (gigabytes) => {
      const bytes = gigabytes * 2 ** 30;
      const file = await read(ask().gap('sent', bytes).data('sent', 'tail').data('received', 'x').of());
      const comment = `${bytes} bytes were not captured`;
      expect(await file.fields('frame.comment contains "captured"', 'frame.comment')).toEqual([[comment], [comment]]);
      expect((await file.follow('tcp', 0)).sent.toString()).toMatch(
        /^answer\[\d+ bytes missing in capture file\]\0tail$/,
      );
    },
  );

  test('reads IPv6, with zones and as IPv4 in disguise', async () => {
    const facts = { client: '[fe80::1%eth0]:50122', target: '[2001:db8:77::7]:502' };
    const file = await read(ask().of(facts), ask().of({ client: '[::ffff:10.1.1.1]:50122', target: '[::1]:5020' }));
    expect(await file.fields('tcp.flags.syn == 1 && tcp.flags.ack == 0', 'ipv6.src', 'ipv6.dst', 'ip.src')).toEqual([
      ['fe80::1', '2001:db8:2::1', ''],
      ['2001:db8:2::1', '2001:db8:77::7', ''],
      ['', '', '10.1.1.1'],
      ['2001:db8:2::1', '::1', ''],
    ]);
    expect((await file.follow('tcp', 1)).sent.toString()).toBe('answer');
    expect(await file.complaints()).toEqual([]);
  });

  test('shows datagrams as they were, empty and largest too', async () => {
    const largest = randomBytes(65_507);
    const script = new Script().data('received', 'one').data('received', '').data('sent', largest).gap('sent', 9);
    script.data('sent', 'two').end('sent');
    const file = await read(
      script.of({ transport: 'udp' }),
      ask().of({ transport: 'udp', client: '[::1]:50122', target: '[::1]:5020' }),
    );
    expect(await file.fields('udp.stream == 0', 'udp.length', 'frame.comment')).toEqual([
      ['11', expect.stringContaining('Pipe p1')],
      ['8', ''],
      ['65515', ''],
      ['11', '9 bytes were not captured'],
    ]);
    expect(sha256((await file.follow('udp', 1)).sent)).toBe(sha256(Buffer.concat([largest, Buffer.from('two')])));
    expect((await file.follow('udp', 3)).received.toString()).toBe('ask');
    expect(await file.complaints()).toEqual([]);
  });

  test('is told of a datagram that is too long for a packet', async () => {
    const file = await read(new Script().gap('sent', 4).data('sent', Buffer.alloc(65_510)).of({ transport: 'udp' }));
    const [[length, comment] = []] = await file.fields('udp', 'udp.length', 'frame.comment');
    expect(length).toBe('65515');
    expect(comment).toMatch(/ 4 bytes were not captured\. Cut from 65510 bytes, which no packet holds$/);
  });

  test('reads what is said of names, devices and TLS, with ports at which decrypted bytes are expected', async () => {
    const tls = { source: { version: 'TLSv1.3', cipher: '' }, target: { version: 'TLSv1.2', cipher: '' } };
    const facts = { client: 'laptop.local:50122', target: 'plc.local:443', via: 'alice/raspi', tls };
    const file = await dissect(pcapng([ask().of(facts)], { sourceOf: () => '203.0.113.250:8883' }));
    const rows = await file.fields(
      'tcp.flags.syn == 1 && tcp.flags.ack == 0',
      'ip.dst',
      'tcp.dstport',
      'frame.comment',
    );
    const [first = [], second = []] = rows;
    expect(first.slice(0, 2)).toEqual(['203.0.113.250', '1883']);
    expect(first[2]).toMatch(
      /^Pipe p1 of proxy pump: client ↔ source\. 203\.0\.113\.\d+ stands for laptop\.local\. These are the decrypted bytes: on the wire this leg was TLSv1\.3\. Port 8883 is shown as 1883\.$/,
    );
    expect(second[0]).toMatch(/^198\.51\.100\.\d+$/);
    expect(second[1]).toBe('80');
    expect(second[2]).toMatch(
      /^Pipe p1 of proxy pump: gateway ↔ target\. The target is reached through device alice\/raspi, which dials it\. The address of the gateway is made up\. 198\.51\.100\.\d+ stands for plc\.local\. These .* TLSv1\.2\. Port 443 is shown as 80\.$/,
    );
    expect(await file.complaints()).toEqual([]);
  });

  test.each([
    ['', ''],
    ['1:80', '0x7f.1:80'],
    ['\0\n\u001b[2J"\u202e\ud800', 'x'.repeat(100_000)],
    ['[[::1]]:99999', ':::::70000000'],
    ['ü.例え:80', '[]:0'],
  ])('is not led astray by ends called %j', async (client, target) => {
    const hostile = { client, target, pipe: client, proxy: target, via: client };
    const file = await read(ask().of(hostile), new Script().data('sent', 'x').of({ ...hostile, transport: 'udp' }));
    expect(await file.complaints()).toEqual([]);
    for (const [from, to] of await file.fields('ip', 'ip.src', 'ip.dst')) {
      for (const address of [from, to]) expect(address).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\./);
    }
    const comments = await file.fields('frame.comment', 'frame.comment');
    expect(comments).toHaveLength(4);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    for (const [comment] of comments) expect(comment).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect((await file.follow('tcp', 0)).sent.toString()).toBe('answer');
  });

  test('keeps apart pipes of clients that use the same port again', async () => {
    const conversations = Array.from({ length: 5 }, (_, index) =>
      new Script().data('sent', `answer ${index}`).end('sent').end('received').of(),
    );
    const file = await read(...conversations);
    for (const index of [0, 1, 2, 3, 4]) {
      for (const leg of [0, 1])
        expect((await file.follow('tcp', 2 * index + leg)).sent.toString()).toBe(`answer ${index}`);
    }
    expect(await file.complaints()).toEqual([]);
  });
});
