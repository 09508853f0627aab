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
});
