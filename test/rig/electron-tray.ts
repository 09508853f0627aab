/** `Tray` and `nativeImage`: the icon beside the clock. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { checked, inside } from './checked.ts';
import { desk, fault } from './desk.ts';
import type { Menu } from './electron-menu.ts';
import { emitEvent } from './event.ts';

export class NativeImage {
  readonly #path: string;
  readonly #bytes: Buffer;
  isMacTemplateImage = false;

  constructor(path: string, bytes: Buffer) {
    this.#path = path;
    this.#bytes = bytes;
  }
  static createEmpty(): object {
    return checked(new NativeImage('', Buffer.alloc(0)), 'NativeImage');
  }
  /** In Electron a file that is not there gives an empty image, and a tray that nobody can see. */
  static createFromPath(path: string): object {
    try {
      return checked(new NativeImage(path, readFileSync(path)), 'NativeImage');
    } catch {
      throw fault(`There is no image at ${path}.`);
    }
  }
  isEmpty(): boolean {
    return this.#bytes.length === 0;
  }
  getSize(): { width: number; height: number } {
    const isPng = this.#bytes.subarray(1, 4).toString() === 'PNG';
    return { width: isPng ? this.#bytes.readUInt32BE(16) : 0, height: isPng ? this.#bytes.readUInt32BE(20) : 0 };
  }
  toPNG(): Buffer {
    return this.#bytes;
  }
  toDataURL(): string {
    return `data:image/png;base64,${this.#bytes.toString('base64')}`;
  }
  setTemplateImage(isTemplate: boolean): void {
    this.isMacTemplateImage = isTemplate;
  }
  /** Not of Electron: the name of its file. */
  get file(): string {
    return basename(this.#path);
  }
}

export class Tray extends EventEmitter {
  #image: NativeImage;
  #toolTip = '';
  #menu: Menu | undefined;
  #isDestroyed = false;

  constructor(image: object | string) {
    super();
    this.#image = imageOf(image);
    desk.trays.add(this);
  }
  setImage(image: object | string): void {
    this.#image = imageOf(image);
  }
  setToolTip(text: string): void {
    this.#toolTip = text;
  }
  setContextMenu(menu: object | null): void {
    this.#menu = menu === null ? undefined : (inside(menu) as Menu);
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  destroy(): void {
    this.#isDestroyed = true;
    desk.trays.delete(this);
  }

  /** Not of Electron: what a person sees. */
  get look(): { image: string; toolTip: string } {
    return { image: this.#image.file, toolTip: this.#toolTip };
  }
  get menu(): Menu | undefined {
    return this.#menu;
  }
  click(): void {
    emitEvent(this, 'click');
  }
}

function imageOf(given: object | string): NativeImage {
  const image = inside(typeof given === 'string' ? NativeImage.createFromPath(given) : given) as NativeImage;
  if (image.isEmpty()) throw fault('An icon without a picture cannot be seen.');
  return image;
}
