import { describe, expect, it } from 'vitest';
import { Meter } from '../../../main/traffic/meter.ts';
import { historyColumnMs, historyColumns } from '../../../shared/traffic.ts';

/** Samples once a second from `from` to `to` milliseconds, with so many bytes in each. */
function pass(meter: Meter, from: number, to: number, received: number): void {
  for (let at = from; at < to; at += 1000) {
    meter.received += received;
    meter.sample(at + 1000);
  }
}

describe('a meter', () => {
  it('shows the rate of the last second, in bytes a second', () => {
    const meter = new Meter();
    meter.sample(1000);
    meter.received += 500;
    meter.sent += 100;
    meter.sample(1500);
    expect(meter.rate).toEqual({ received: 1000, sent: 200 });
    meter.sample(2500);
    expect(meter.rate).toEqual({ received: 0, sent: 0 });
  });

  it('adds up columns of three seconds and forgets them after sixty', () => {
    const meter = new Meter();
    meter.sample(60_000);
    pass(meter, 60_000, 66_000, 10);
    expect(meter.history.received).toHaveLength(historyColumns);
    expect(meter.history.received.reduce((sum, bytes) => sum + bytes)).toBe(60);
    expect(Math.max(...meter.history.received)).toBe(30);
    expect(meter.isMoving).toBe(true);
    pass(meter, 66_000, 66_000 + historyColumns * historyColumnMs, 0);
    expect(meter.isMoving).toBe(false);
  });

  it('survives a pause longer than its graph', () => {
    const meter = new Meter();
    pass(meter, 0, 3000, 10);
    meter.sample(10_000_000);
    expect(meter.history.received.every((bytes) => bytes === 0)).toBe(true);
  });

  it('notes when bytes last passed', () => {
    const meter = new Meter();
    meter.notice(5);
    expect(meter.lastActivity).toBeNull();
    meter.sent += 1;
    meter.notice(6);
    meter.notice(7);
    expect(meter.lastActivity).toBe(6);
  });
});
