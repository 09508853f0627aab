import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeBody, encodeMessage, type Message, messageTypes } from '../../../main/iotmp/message.ts';
import { answerOf } from '../../../main/iotmp/server-resources.ts';
import { startHub, type TestHub } from '../../support/hub.ts';
import { closeAll } from '../../support/sockets.ts';
import { StockDevice } from '../../support/stock-device.ts';
import { waitFor } from '../../support/wait.ts';

const refused = (id: number, name: string): Message => ({
  type: messageTypes.error,
  id,
  parameters: 501,
  payload: { error: `not supported by this gateway: ${name}` },
});

/** docs/iotmp.md §12.4 and §12.5: what real clients send. */
const asked: [name: string, hex: string, id: number][] = [
  ['READ_DEVICE_PROPERTY', '060a08b42412836366672001', 0x1234],
  ['CALL_DEVICE', '060f080712e28464657632836c65642003', 7],
  ['LOCK_SYNC', '061108081ac1846c6f636b826c311281732006', 8],
  [
    'SUBSCRIBE_EVENT',
    '083d12c3856576656e74946465766963655f746f7069635f7075626c6973688573636f70658973756273637269626585746f70696383742f61200808e78a01',
    0x4567,
  ],
  ['READ_DEVICE_PROPERTY', '06132001114a0b636f6e6e656374696f6e7308c647', 0x23c6],
  ['SET_DEVICE_PROPERTY', '06162002114a0b636f6e6e656374696f6e73180008e9b002', 0x9869 & 0xffff],
];

const decode = (hex: string): Message => {
  const bytes = Buffer.from(hex, 'hex');
  return decodeBody(bytes[0] ?? 0, bytes.subarray(2));
};

describe('what a device asks of a server', () => {
  it.each(asked)('%s is refused by name', (name, hex) => {
    const message = decode(hex);
    expect(answerOf(message)).toEqual(refused(message.id ?? 0, name));
  });

  it.each([
    [1, 'READ_DEVICE_PROPERTY'],
    [2, 'SET_DEVICE_PROPERTY'],
    [3, 'CALL_DEVICE'],
    [4, 'CALL_ENDPOINT'],
    [5, 'WRITE_BUCKET'],
    [6, 'LOCK_SYNC'],
    [7, 'UNLOCK_SYNC'],
    [8, 'SUBSCRIBE_EVENT'],
    [9, 'resource 9'],
  ])('number %s is known in both layouts', (number, name) => {
    const type = number === 8 ? messageTypes.startStream : messageTypes.run;
    expect(answerOf({ type, id: 3, resource: number, parameters: 'x' })).toEqual(refused(3, name));
    expect(answerOf({ type, id: 3, resource: 'x', parameters: number })).toEqual(refused(3, name));
  });

  it('is refused as not there where it is a path', () => {
    for (const type of [messageTypes.run, messageTypes.describe, messageTypes.startStream]) {
      expect(answerOf({ type, id: 3, resource: '$proxy/x' })).toMatchObject({ type: 2, id: 3, parameters: 404 });
    }
  });

  it('is not answered without an id, nor where nothing was asked', () => {
    expect(answerOf(decode('060f1ac18174400000ac41128262312005'))).toBeUndefined();
    for (const type of [messageTypes.ok, messageTypes.disconnect, 0, 11]) {
      expect(answerOf({ type, id: 3, resource: 1 })).toBeUndefined();
    }
  });
});

describe('on the wire', () => {
  let made: TestHub;
  beforeAll(async () => {
    made = await startHub();
  });
  afterEach(closeAll);
  afterAll(() => made.hub.stop());

  it.each(['v2', 'v1'] as const)('a %s device gets its answer at once, in its own dialect', async (dialect) => {
    const stock = await StockDevice.online({ port: made.port(), dialect });
    stock.write(encodeMessage({ type: messageTypes.run, id: 0x777, resource: 5, parameters: 'bucket' }, dialect));
    const answer = await waitFor(() => stock.heard.find(({ id }) => id === 0x777), 'the answer');
    expect(answer).toEqual({ ...refused(0x777, 'WRITE_BUCKET'), dialect });
    expect(stock.ended).toBeUndefined();
  });
});
