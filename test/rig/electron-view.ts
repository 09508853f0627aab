/** `View` and `WebContentsView`: a page of its own that lies over the page of a window. Nobody draws it there. */
import { EventEmitter } from 'node:events';
import type { Cdp } from './cdp.ts';
import { checked, checkOptions, inside } from './checked.ts';
import { WebContents } from './electron-contents.ts';
import type { Rectangle } from './electron-screen.ts';
import { Session } from './electron-session.ts';
import { refuseUnsafe, type WebPreferences } from './web-preferences.ts';

export class View extends EventEmitter {
  /** Not of Electron. */
  readonly views: View[] = [];
  #bounds: Rectangle = { x: 0, y: 0, width: 0, height: 0 };
  #isVisible = true;

  get children(): object[] {
    return this.views.map((view) => checked(view, 'View'));
  }
  addChildView(view: object): void {
    const child = inside(view) as View;
    this.removeChildView(view);
    this.views.push(child);
  }
  removeChildView(view: object): void {
    const at = this.views.indexOf(inside(view) as View);
    if (at >= 0) this.views.splice(at, 1);
  }
  setBounds(bounds: Rectangle): void {
    this.#bounds = { ...bounds };
  }
  getBounds(): Rectangle {
    return { ...this.#bounds };
  }
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
  }
  getVisible(): boolean {
    return this.#isVisible;
  }
  setBackgroundColor(): void {}
}

/** Set by the entry of the rig. */
let chromium: Promise<Cdp>;
export const provideChromiumToViews = (started: Promise<Cdp>): void => {
  chromium = started;
};

export class WebContentsView extends View {
  /** Not of Electron. */
  readonly contents: WebContents;
  readonly preferences: WebPreferences;
  readonly webContents: object;

  constructor({ webPreferences = {} }: { readonly webPreferences?: WebPreferences } = {}) {
    super();
    refuseUnsafe(webPreferences);
    checkOptions('WebPreferences', webPreferences);
    this.preferences = webPreferences;
    const given = inside(webPreferences.session) as Session | undefined;
    const session = given ?? inside(Session.fromPartition(webPreferences.partition ?? ''));
    this.contents = new WebContents({
      ...{ chromium, session, preload: webPreferences.preload, size: { width: 1000, height: 700 } },
      onShown: () => {},
    });
    this.webContents = checked(this.contents, 'WebContents');
  }
}
