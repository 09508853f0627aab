/** `WebFrameMain`: the top frame of a page. Another page in the same window, after a crash, is another frame. */
import { EventEmitter } from 'node:events';
import { checked } from './checked.ts';
import type { WebContents } from './electron-contents.ts';

/** Such as `sluice://app`. */
export const originOf = (url: string): string => /^[^:]+:\/\/[^/]*/.exec(url)?.[0] ?? 'null';

export class WebFrameMain extends EventEmitter {
  readonly parent = null;
  readonly frames: readonly WebFrameMain[] = [];
  readonly name = '';
  readonly #contents: WebContents;
  #isDestroyed = false;

  constructor(contents: WebContents) {
    super();
    this.#contents = contents;
  }
  get top(): object {
    return checked(this, 'WebFrameMain');
  }
  get url(): string {
    return this.#contents.getURL();
  }
  get origin(): string {
    return originOf(this.url);
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  send(channel: string, ...args: unknown[]): void {
    this.#contents.send(channel, ...args);
  }
  postMessage(channel: string, message: unknown, transfer?: readonly object[]): void {
    this.#contents.postMessage(channel, message, transfer);
  }
  destroy(): void {
    this.#isDestroyed = true;
  }
}
