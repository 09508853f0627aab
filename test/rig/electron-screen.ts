/** `screen`, and `nativeTheme`: one display, and a light or dark system. */
import { EventEmitter } from 'node:events';
import { desk, fault } from './desk.ts';
import { emitEvent } from './event.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const display = {
  id: 1,
  label: 'Rig',
  scaleFactor: 1,
  rotation: 0,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: { x: 0, y: 27, width: 1920, height: 1053 },
  size: { width: 1920, height: 1080 },
  workAreaSize: { width: 1920, height: 1053 },
};

class Screen extends EventEmitter {
  getPrimaryDisplay(): typeof display {
    return display;
  }
  getAllDisplays(): (typeof display)[] {
    return [display];
  }
  getDisplayMatching(): typeof display {
    return display;
  }
  getCursorScreenPoint(): { x: number; y: number } {
    return { x: 0, y: 0 };
  }
}
export const screen = new Screen();

class NativeTheme extends EventEmitter {
  #source = 'system';
  readonly shouldUseHighContrastColors = false;
  readonly prefersReducedTransparency = false;

  get themeSource(): string {
    return this.#source;
  }
  set themeSource(source: string) {
    if (!/^(system|light|dark)$/.test(source)) throw fault(`nativeTheme.themeSource cannot be '${source}'.`);
    if (source === this.#source) return;
    this.#source = source;
    for (const { contents } of desk.windows) contents.showTheme();
    emitEvent(this, 'updated');
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }
}
export const nativeTheme = new NativeTheme();
