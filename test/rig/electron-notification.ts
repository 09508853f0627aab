/** `Notification`: kept until it is closed or clicked. */
import { EventEmitter } from 'node:events';
import { checkOptions } from './checked.ts';
import { desk } from './desk.ts';
import { emitEvent } from './event.ts';

interface Options {
  readonly title?: string;
  readonly body?: string;
}

export class Notification extends EventEmitter {
  title: string;
  body: string;

  static isSupported(): boolean {
    return true;
  }
  constructor(options: Options = {}) {
    super();
    checkOptions('NotificationConstructorOptions', options);
    this.title = options.title ?? '';
    this.body = options.body ?? '';
  }
  show(): void {
    desk.notifications.push(this);
    emitEvent(this, 'show');
  }
  close(): void {
    const at = desk.notifications.indexOf(this);
    if (at === -1) return;
    desk.notifications.splice(at, 1);
    emitEvent(this, 'close');
  }
  /** Not of Electron: a person clicks it. */
  click(): void {
    emitEvent(this, 'click');
    this.close();
  }
}
