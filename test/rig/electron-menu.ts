/** `Menu` and `MenuItem`: what they hold, and what happens when a person presses an item. */
import { EventEmitter } from 'node:events';
import { checked, checkOptions, inside } from './checked.ts';
import { desk, fault } from './desk.ts';
import { app } from './electron-app.ts';
import { newEvent } from './event.ts';
import { surface } from './surface.ts';

interface Template {
  readonly label?: string;
  readonly type?: string;
  readonly role?: string;
  readonly accelerator?: string;
  readonly enabled?: boolean;
  readonly visible?: boolean;
  readonly checked?: boolean;
  readonly id?: string;
  readonly click?: (item: object, window: object | undefined, event: object) => void;
  readonly submenu?: readonly Template[] | object;
}

/** What a test reads of an item. */
export interface MenuEntry {
  readonly label: string;
  readonly role?: string;
  readonly accelerator?: string;
  readonly enabled: boolean;
  readonly items?: readonly MenuEntry[];
}

const accelerators =
  /^((Command|Cmd|Control|Ctrl|CommandOrControl|CmdOrCtrl|Alt|Option|AltGr|Shift|Super|Meta)\+)*([A-Z0-9]|[!-/:-@[-`{-~]|F([1-9]|1\d|2[0-4])|Plus|Space|Tab|Backspace|Delete|Insert|Return|Enter|Up|Down|Left|Right|Home|End|PageUp|PageDown|Esc|Escape)$/i;

export class MenuItem {
  readonly label: string;
  readonly type: string;
  readonly role: string | undefined;
  readonly accelerator: string | undefined;
  readonly id: string;
  readonly submenu: object | undefined;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  readonly #click: Template['click'];

  constructor(template: Template) {
    checkOptions('MenuItemConstructorOptions', template);
    const { label, role, accelerator, submenu, type } = template;
    if (role !== undefined && !surface.roles.has(role)) throw fault(`electron.d.ts knows no role '${role}'.`);
    if (accelerator !== undefined && !accelerators.test(accelerator)) throw fault(`No key is '${accelerator}'.`);
    if (label === undefined && role === undefined && type !== 'separator') throw fault('A menu item needs a label.');
    this.label = label ?? role ?? '';
    this.role = role;
    this.accelerator = accelerator;
    this.type = type ?? (submenu ? 'submenu' : 'normal');
    this.id = template.id ?? '';
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : (submenu as object | undefined);
    this.enabled = template.enabled ?? true;
    this.visible = template.visible ?? true;
    this.checked = template.checked ?? false;
    this.#click = template.click;
  }

  click(): void {
    const window = desk.focused ? checked(desk.focused, 'BrowserWindow') : undefined;
    if (this.#click) this.#click(checked(this, 'MenuItem'), window, newEvent({ triggeredByAccelerator: false }));
    else this.#play();
  }

  /** What the system does for a role. */
  #play(): void {
    const { focused } = desk;
    if (this.role === 'quit') app.quit();
    else if (this.role === 'close') focused?.close();
    else if (this.role === 'minimize') focused?.minimize();
    else if (this.role === 'reload') focused?.reload();
    else throw fault(`The rig does not play the role '${this.role}' of a menu item yet.`);
  }
}

export class Menu extends EventEmitter {
  readonly items: MenuItem[] = [];

  static buildFromTemplate(template: readonly (Template | object)[]): object {
    const menu = new Menu();
    for (const one of template) menu.append(inside(one) instanceof MenuItem ? one : new MenuItem(one as Template));
    return checked(menu, 'Menu');
  }
  static setApplicationMenu(menu: object | null): void {
    desk.menu = menu === null ? undefined : (inside(menu) as Menu);
  }
  static getApplicationMenu(): object | null {
    return desk.menu ? checked(desk.menu, 'Menu') : null;
  }

  append(item: object): void {
    this.items.push(inside(item) as MenuItem);
  }
  getMenuItemById(id: string): object | null {
    const found = this.items.find((item) => item.id === id);
    return found ? checked(found, 'MenuItem') : null;
  }

  /** Not of Electron: what a person sees. */
  get entries(): MenuEntry[] {
    return this.items
      .filter(({ type, visible }) => visible && type !== 'separator')
      .map(({ label, role, accelerator, enabled, submenu }) => ({
        ...{ label, role, accelerator, enabled },
        ...(submenu && { items: (inside(submenu) as Menu).entries }),
      }));
  }
  /** Not of Electron: presses the item that a person finds by these labels. */
  press([label, ...deeper]: readonly string[]): void {
    const item = this.items.find((one) => one.visible && one.label === label);
    if (!item?.enabled) throw new Error(`No item '${label}' can be pressed in ${this.items.map((one) => one.label)}.`);
    if (deeper.length > 0) (inside(item.submenu) as Menu).press(deeper);
    else item.click();
  }
}
