import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../main/iotmp/protocol-error.ts';
import { hear } from '../../support/codec.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(`${root}docs/iotmp.md`, 'utf8');
const examples = [...page.slice(page.indexOf('## 12.')).matchAll(/`((?:[0-9a-f]{2,} ?){4,})`/g)].map(
  ([, hex]) => hex ?? '',
);

describe('docs/iotmp.md', () => {
  it.each(examples.filter((hex) => hex !== '0a 818010'))('has an example that is one message: %s', (hex) => {
    expect(hear([Buffer.from(hex.replaceAll(' ', ''), 'hex')])).toHaveLength(1);
  });

  it('has the trap of a size over the limit', () => {
    expect(examples.length).toBeGreaterThan(12);
    expect(() => hear([Buffer.from('0a818010', 'hex')])).toThrow(ProtocolError);
  });

  it('has every section that code points at', () => {
    const sections = new Set([...page.matchAll(/^##+ (\d+(?:\.\d+)?)\.? /gm)].map(([, number]) => number));
    const sources = globSync('{main,shared,test}/**/*.ts', { cwd: root }).map((path) =>
      readFileSync(`${root}${path}`, 'utf8'),
    );
    const pointers = sources.flatMap((text) => [...text.matchAll(/docs\/iotmp\.md((?:,? (?:and )?§[\d.]*\d)+)/g)]);
    const numbers = pointers.flatMap(([, list = '']) => list.match(/\d+(\.\d+)?/g) ?? []);
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers.filter((number) => !sections.has(number))).toEqual([]);
  });
});
