import { describe, expect, it } from 'vitest';
import { LogTail } from '../../../main/plugins/log-tail.ts';

const texts = (log: LogTail) => log.lines.map(({ text }) => text);

describe('the last lines of a program', () => {
  it('are whole, however they were cut into pieces', () => {
    const log = new LogTail();
    const out = log.writer('out');
    const bytes = Buffer.from('Grüße\nzweite\r\nohne Ende');
    for (const byte of bytes) out.write(Buffer.from([byte]));
    out.end();
    expect(texts(log)).toEqual(['Grüße', 'zweite', 'ohne Ende']);
  });

  it('do not mix the two outputs within a line', () => {
    const log = new LogTail();
    const [out, err] = [log.writer('out'), log.writer('err')];
    out.write(Buffer.from('one '));
    err.write(Buffer.from('fault\n'));
    out.write(Buffer.from('line\n'));
    expect(log.lines.map(({ from, text }) => [from, text])).toEqual([
      ['err', 'fault'],
      ['out', 'one line'],
    ]);
  });

  it('lose colours, cursor moves and signs that turn the direction', () => {
    const log = new LogTail();
    log.writer('out').write(Buffer.from('\u001b[31mred\u001b[0m\u001b[2J\u0007 \u202egnp.exe\n'));
    expect(texts(log)).toEqual(['red gnp.exe']);
  });

  it('take at most 256 KiB, the newest ones, and cut lines without end', () => {
    const log = new LogTail();
    const out = log.writer('out');
    for (let line = 0; line < 20_000; line++) out.write(Buffer.from(`line ${line} ${'x'.repeat(80)}\n`));
    expect(texts(log).at(-1)).toContain('line 19999');
    expect(Buffer.byteLength(texts(log).join(''))).toBeLessThan(256 * 1024);
    expect(texts(log).length).toBeGreaterThan(1000);

    const endless = log.writer('err');
    for (let piece = 0; piece < 1000; piece++) endless.write(Buffer.alloc(8192, 'y'));
    expect(Math.max(...texts(log).map(({ length }) => length))).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(texts(log).join(''))).toBeLessThan(256 * 1024);
  });

  it('show no secret, the longer one first, and leave very short ones alone', () => {
    const log = new LogTail();
    log.hide(['secret', 'secret-longer', 'ab']);
    log.writer('out').write(Buffer.from('a secret-longer, a secret, ab\n'));
    log.note('Started with secret.');
    expect(texts(log)).toEqual(['a •••, a •••, ab', 'Started with •••.']);
  });

  it('show no piece of a secret where a line is cut, and none with signs that are not shown', () => {
    const log = new LogTail();
    log.hide(['TOP-SECRET-1234', 'a\tb\u200ec', 'first\r\nsecond']);
    const out = log.writer('out');
    out.write(Buffer.from(`${'x'.repeat(4090)}TOP-SECRET-1234\n`));
    for (const piece of ['y'.repeat(4085), 'TOP-SECR', 'ET-1234', 'z'.repeat(5000)]) out.write(Buffer.from(piece));
    out.write(Buffer.from('\na\tb\u200ec\nfirst\r\nsecond\n'));
    const all = texts(log).join('|');
    expect(all).not.toMatch(/TOP|SECR|1234|a {2}b|first|second/);
    expect(all.match(/[xyz]/g)).toHaveLength(4090 + 4085 + 5000);
  });

  it('are those of the end of a flood of empty lines, and the flood holds nobody up', () => {
    const log = new LogTail();
    const out = log.writer('out');
    // Each piece took 2 s once: this would not end in the time that a test has.
    for (let piece = 0; piece < 20; piece++) out.write(Buffer.alloc(65_536, '\n'));
    out.write(Buffer.from('the last one\n'));
    expect(texts(log).at(-1)).toBe('the last one');
    expect(texts(log).length).toBeLessThanOrEqual(2048);
  });
});
