import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PortTransport, type PortWindow } from '../../../renderer/api/port-link.ts';
import type { Connection } from '../../../renderer/api/transport.ts';
import { type DesktopContract, type DesktopView, desktopContract } from '../../../shared/desktop.ts';

const view: DesktopView = { preferences: { theme: 'dark', startsAtLogin: false, notifies: true }, service: null };
const api = implement(desktopContract);

/** The window with its preload: what was asked, and a way to answer. */
class StandIn extends EventTarget implements PortWindow {
  readonly location = { origin: 'sluice://app' };
  readonly asked: { readonly message: unknown; readonly targetOrigin: string }[] = [];

  postMessage(message: unknown, targetOrigin: string): void {
    this.asked.push({ message, targetOrigin });
  }

  /** @param from  the window that it comes from, for the page */
  answer(data: unknown, port?: MessagePort, from: EventTarget | null = this): void {
    const event = new MessageEvent('message', { data, ports: port ? [port] : [] });
    Object.defineProperty(event, 'source', { value: from });
    this.dispatchEvent(event);
  }
}

const answer = (outcome: string) => ({ type: 'sluice.port.answer', outcome });

let page: StandIn;
beforeEach(() => {
  page = new StandIn();
});
afterEach(() => vi.useRealTimers());

/** A channel whose far end serves the desktop's contract; `hangs` never answers. */
function served({ hangs = false } = {}): MessageChannel {
  const channel = new MessageChannel();
  const answered = () => (hangs ? new Promise<DesktopView>(() => {}) : view);
  const router = { view: api.view.handler(answered), update: api.update.handler(answered) };
  new RPCHandler({ desktop: router }).upgrade(channel.port1);
  channel.port1.start();
  onTestFinished(() => channel.port1.close());
  return channel;
}

async function connected(channel: MessageChannel): Promise<Connection> {
  const opening = new PortTransport(undefined, page).open();
  page.answer(answer('open'), channel.port2);
  const connection = await opening;
  if (typeof connection === 'string') throw new Error(connection);
  onTestFinished(() => connection.close());
  return connection;
}

const desktopOf = ({ link }: Connection) =>
  createORPCClient<{ desktop: ContractRouterClient<DesktopContract> }>(link).desktop;

describe('the link over a port', () => {
  it('asks its own window for a port, and carries calls over it', async () => {
    const connection = await connected(served());
    expect(page.asked).toEqual([{ message: { type: 'sluice.port.request' }, targetOrigin: 'sluice://app' }]);
    expect(await desktopOf(connection).view()).toEqual(view);
  });

  it('shows the token that a person gave', () => {
    const opening = new PortTransport('abc', page).open();
    expect(page.asked[0]?.message).toEqual({ type: 'sluice.port.request', token: 'abc' });
    page.answer(answer('gone'));
    return expect(opening).resolves.toBe('gone');
  });

  it.each(['unauthorized', 'gone'])('passes on the answer %s', async (outcome) => {
    const opening = new PortTransport(undefined, page).open();
    page.answer(answer(outcome));
    expect(await opening).toBe(outcome);
  });

  it('hears nobody but its own window, and nothing but an answer', async () => {
    const opening = new PortTransport(undefined, page).open();
    page.answer(answer('open'), served().port2, new EventTarget());
    page.answer(answer('unauthorized'), undefined, null);
    page.answer({ type: 'sluice.port.request' });
    page.answer(answer('anything'));
    page.answer('open');
    page.answer(answer('gone'));
    expect(await opening).toBe('gone');
  });

  it('gives one port to one question', async () => {
    const first = new PortTransport(undefined, page).open();
    const second = new PortTransport(undefined, page).open();
    const channel = served();
    page.answer(answer('open'), channel.port2);
    page.answer(answer('gone'));
    expect(await second).toBe('gone');
    const connection = await first;
    if (typeof connection === 'string') throw new Error(connection);
    expect(await desktopOf(connection).view()).toEqual(view);
    connection.close();
  });

  it('takes an open answer without a port for none', async () => {
    const opening = new PortTransport(undefined, page).open();
    page.answer(answer('open'));
    expect(await opening).toBe('gone');
  });

  it('gives up where nobody answers, and is deaf from then on', async () => {
    vi.useFakeTimers();
    const opening = new PortTransport(undefined, page).open();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(await opening).toBe('gone');
    const heard = vi.fn();
    page.addEventListener('message', heard);
    page.answer(answer('open'));
    expect(heard).toHaveBeenCalledOnce();
  });

  it('ends when the other end closes, with the calls under way', async () => {
    const channel = served({ hangs: true });
    const connection = await connected(channel);
    const call = desktopOf(connection).view();
    channel.port1.close();
    expect(await connection.ended).toBe('gone');
    await expect(call).rejects.toThrow();
  });

  it('ends when it is closed here, with the calls under way', async () => {
    const connection = await connected(served({ hangs: true }));
    const call = desktopOf(connection).view();
    connection.close();
    expect(await connection.ended).toBe('gone');
    await expect(call).rejects.toThrow();
  });
});
