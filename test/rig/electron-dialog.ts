/** `dialog`: questions wait until a test answers them. */
import { checkOptions, inside } from './checked.ts';
import { desk, fault } from './desk.ts';
import { BrowserWindow } from './electron-window.ts';

interface Options {
  readonly title?: string;
  readonly message: string;
  readonly detail?: string;
  readonly buttons?: readonly string[];
  readonly defaultId?: number;
  readonly cancelId?: number;
}

export interface DialogBox extends Options {
  readonly buttons: readonly string[];
  /** Whether it belongs to a window. */
  readonly isOfWindow: boolean;
  answer(response: number): void;
}

class Dialog {
  showMessageBox(first: object, second?: Options): Promise<{ response: number; checkboxChecked: boolean }> {
    const window = inside(first);
    const isOfWindow = window instanceof BrowserWindow;
    const options = (isOfWindow ? second : first) as Options;
    checkOptions('MessageBoxOptions', options);
    const { buttons = ['OK'], defaultId = 0, cancelId = 0 } = options;
    for (const id of [defaultId, cancelId]) {
      if (id < 0 || id >= buttons.length) throw fault(`A question has no button ${id}: ${buttons.join(', ')}.`);
    }
    const { promise, resolve } = Promise.withResolvers<{ response: number; checkboxChecked: boolean }>();
    const box: DialogBox = {
      ...options,
      buttons,
      isOfWindow,
      answer: (response) => {
        desk.dialogs.splice(desk.dialogs.indexOf(box), 1);
        resolve({ response, checkboxChecked: false });
      },
    };
    desk.dialogs.push(box);
    return promise;
  }
  showErrorBox(title: string, content: string): void {
    desk.errorBoxes.push(`${title}\n${content}`);
  }
}
export const dialog = new Dialog();
