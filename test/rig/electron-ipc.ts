/** `ipcMain`: what preloads send. In Electron a message that nobody listens to is lost in silence; here it is a fault. */
import { EventEmitter } from 'node:events';
import { checked } from './checked.ts';
import { fault } from './desk.ts';
import type { WebContents } from './electron-contents.ts';
import type { WebFrameMain } from './electron-frame.ts';
import { newEvent } from './event.ts';

type Handler = (event: object, ...args: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw fault(`The channel '${channel}' has a handler already.`);
    this.#handlers.set(channel, handler);
  }
  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** Not of Electron. */
  get channels(): string[] {
    return [...this.eventNames().map(String), ...this.#handlers.keys()];
  }
  /** Not of Electron: brings a message of a preload. */
  hear(contents: WebContents, frame: WebFrameMain, channel: string, args: unknown[]): void {
    const isHeard = this.emit(channel, eventOf(contents, frame), ...args);
    if (!isHeard) fault(`Nobody in the main process listens on the channel '${channel}'.`);
  }
  /** Not of Electron: brings a call of a preload. */
  async answer(contents: WebContents, frame: WebFrameMain, channel: string, args: unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (!handler) throw fault(`Nobody in the main process answers on the channel '${channel}'.`);
    return structuredClone(await handler(eventOf(contents, frame), ...args));
  }
}

const eventOf = (contents: WebContents, frame: WebFrameMain): object =>
  newEvent({
    type: 'frame',
    sender: checked(contents, 'WebContents'),
    senderFrame: checked(frame, 'WebFrameMain'),
    processId: 1,
    frameId: 1,
    ports: [],
    reply: (channel: string, ...args: unknown[]) => contents.send(channel, ...args),
  });

export const ipcMain = new IpcMain();
