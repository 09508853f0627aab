import { expect, it } from 'vitest';
import { Sessions } from '../../../main/portals/sessions.ts';
import { Tickets } from '../../../main/portals/tickets.ts';

const cam = { proxy: 'cam', revision: '1' };

it('a ticket is 32 random bytes, good once and for a minute', () => {
  let now = 0;
  const tickets = new Tickets(() => now);
  const [first, second] = [tickets.issue(cam), tickets.issue(cam)];
  expect(Buffer.from(first, 'base64url')).toHaveLength(32);
  expect(first).not.toBe(second);
  now = 59_999;
  expect([tickets.redeem(first, cam), tickets.redeem(first, cam)]).toEqual([true, false]);
  now = 60_000;
  expect(tickets.redeem(second, cam)).toBe(false);
  expect(tickets.redeem('', cam)).toBe(false);
});

it('a ticket shown to another portal, or after an edit, is spent', () => {
  const tickets = new Tickets();
  for (const other of [
    { ...cam, proxy: 'plc' },
    { ...cam, revision: '2' },
  ]) {
    const ticket = tickets.issue(cam);
    expect([tickets.redeem(ticket, other), tickets.redeem(ticket, cam)]).toEqual([false, false]);
  }
});

it('tickets are bounded: the oldest goes', () => {
  const tickets = new Tickets();
  const first = tickets.issue(cam);
  const second = tickets.issue(cam);
  for (let at = 0; at < 1023; at += 1) tickets.issue(cam);
  expect([tickets.redeem(first, cam), tickets.redeem(second, cam)]).toEqual([false, true]);
});

it('a session lasts while it is used, and twelve hours beyond', () => {
  let now = 0;
  const sessions = new Sessions(() => now);
  const token = sessions.begin(cam);
  for (let hour = 11; hour < 100; hour += 11) {
    now = hour * 3_600_000;
    expect(sessions.admits(['x', token], cam)).toBe(true);
  }
  now += 12 * 3_600_000;
  expect(sessions.admits([token], cam)).toBe(false);
  expect(sessions.admits([], cam)).toBe(false);
});

it('a portal has 64 sessions; the one that rested longest goes', () => {
  const sessions = new Sessions();
  const [first, second] = [sessions.begin(cam), sessions.begin(cam)];
  for (let at = 0; at < 62; at += 1) sessions.begin(cam);
  sessions.admits([first], cam);
  sessions.begin(cam);
  expect([sessions.admits([first], cam), sessions.admits([second], cam)]).toEqual([true, false]);
});

it('a session belongs to one portal and one revision of it, and is gone with its portal', () => {
  const sessions = new Sessions();
  const token = sessions.begin(cam);
  expect(sessions.admits([token], { ...cam, proxy: 'plc' })).toBe(false);
  sessions.keep(new Set(['cam']));
  expect(sessions.admits([token], cam)).toBe(true);
  expect(sessions.admits([token], { ...cam, revision: '2' })).toBe(false);
  expect(sessions.admits([token], cam)).toBe(false);
  const other = sessions.begin(cam);
  sessions.keep(new Set());
  expect(sessions.admits([other], cam)).toBe(false);
});
