import { describe, expect, test } from 'vitest';
import { fileName, formatNames, formats } from '../../../../main/traffic/export/formats.ts';
import { all, Script } from '../../../support/recorded.ts';

describe('every format', () => {
  test.each(formatNames)('%s writes a conversation and has its own ending', async (name) => {
    const { ending, mediaType, write } = formats[name];
    const parts = await all(write(new Script().data('received', 'ask').data('sent', 'answer').of()));
    expect(Buffer.concat(parts).length).toBeGreaterThan(0);
    expect(mediaType).toMatch(/^application\/[a-z-]+$/);
    expect(formatNames.filter((other) => formats[other].ending === ending)).toEqual([name]);
  });
});

describe('the name of a file', () => {
  test('has proxy and pipe', () => {
    expect(fileName({ proxy: 'pump', pipe: 'p17' }, 'pcapng')).toBe('sluice-pump-p17.pcapng');
  });

  test.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['C:\\nul', 'C-nul'],
    ['a"; rm -rf /\r\nSet-Cookie: x', 'a-rm-rf-Set-Cookie-x'],
    ['..', 'x'],
    ['', 'x'],
    ['Pumpe über 漢\u202egpj', 'Pumpe-ber-gpj'],
    ['x'.repeat(5000), 'x'.repeat(60)],
  ])('of a proxy called %j is good on every system', (proxy, expected) => {
    for (const format of formatNames) {
      const name = fileName({ proxy, pipe: proxy }, format);
      expect(name).toBe(`sluice-${expected}-${expected}.${formats[format].ending}`);
    }
  });
});
