import { expect, it } from 'vitest';
import { splitTarget } from '../../../../renderer/features/proxies/split-target.ts';

it.each([
  ['10.0.0.7:502', '10.0.0.7', '502'],
  ['[fd00::7]:502', 'fd00::7', '502'],
  ['http://plc.local:8080/index', 'plc.local', '8080'],
  [' panel-01:5900 ', 'panel-01', '5900'],
])('takes %s apart', (text, address, port) => {
  expect(splitTarget(text)).toEqual({ address, port });
});

it.each(['10.0.0.7', 'fd00::7', 'plc.local', 'http://plc.local/', '10.0.0.7:5'])('leaves %s alone', (text) => {
  expect(splitTarget(text)).toBeUndefined();
});
