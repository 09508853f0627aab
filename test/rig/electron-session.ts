/** `session` and `protocol`: who answers the requests of pages, what they may do, and what they keep. */
import { EventEmitter } from 'node:events';
import { checked, inside } from './checked.ts';
import { fault } from './desk.ts';
import { app } from './electron-app.ts';
import { type Privileges, registerScheme, schemeOf } from './schemes.ts';

type Handler = (request: Request) => Response | Promise<Response>;

interface Cancel {
  readonly cancel?: boolean;
  readonly redirectURL?: string;
}

interface PageRequest {
  readonly url: string;
  readonly method: string;
  readonly resourceType: string;
}

type BeforeRequest = (details: PageRequest & { readonly id: number }, answer: (response: Cancel) => void) => void;

class WebRequest {
  #before: BeforeRequest | undefined;
  #lastId = 0;

  onBeforeRequest(first: BeforeRequest | object | null, second?: BeforeRequest | null): void {
    if (second !== undefined) throw fault('The rig does not stand in for filters of webRequest yet.');
    this.#before = typeof first === 'function' ? (first as BeforeRequest) : undefined;
  }

  /** Not of Electron: asks the listener. */
  ask(request: PageRequest): Promise<Cancel> {
    const before = this.#before;
    if (!before) return Promise.resolve({});
    return new Promise((resolve) => before({ ...request, id: ++this.#lastId }, resolve));
  }
}

class Protocol {
  readonly #handlers = new Map<string, Handler>();

  registerSchemesAsPrivileged(schemes: readonly { scheme: string; privileges?: Privileges }[]): void {
    app.mustBeEarly('protocol.registerSchemesAsPrivileged');
    for (const { scheme, privileges = {} } of schemes) registerScheme(scheme, privileges);
  }
  handle(scheme: string, handler: Handler): void {
    if (!app.isReady()) throw fault('protocol.handle must be called after the application is ready.');
    if (this.#handlers.has(scheme)) throw fault(`The scheme ${scheme} has a handler already.`);
    this.#handlers.set(scheme, handler);
  }
  unhandle(scheme: string): void {
    this.#handlers.delete(scheme);
  }
  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme);
  }

  /** Not of Electron: the answer of the application, where it has one. */
  async answer(url: string, init: RequestInit): Promise<Response | undefined> {
    return await this.#handlers.get(schemeOf(url))?.(new Request(url, init));
  }
}

type PermissionRequest = (
  contents: object,
  permission: string,
  answer: (granted: boolean) => void,
  details: object,
) => void;
type PermissionCheck = (contents: object | null, permission: string, origin: string, details: object) => boolean;

export class Session extends EventEmitter {
  static readonly #sessions = new Map<string, Session>();
  readonly rules = new WebRequest();
  readonly answers = new Protocol();
  readonly webRequest = checked(this.rules, 'WebRequest');
  readonly protocol = checked(this.answers, 'Protocol');
  #request: PermissionRequest | null = null;
  #check: PermissionCheck | null = null;
  #device: unknown = null;
  /** Of Chromium; made with the first window. */
  context: Promise<string> | undefined;

  static fromPartition(partition: string): Session {
    const known = Session.#sessions.get(partition) ?? new Session();
    Session.#sessions.set(partition, known);
    return checked(known, 'Session');
  }
  static get defaultSession(): Session {
    if (!app.isReady()) throw fault('session.defaultSession can be had after the application is ready.');
    return Session.fromPartition('');
  }

  setPermissionRequestHandler(handler: PermissionRequest | null): void {
    this.#request = handler;
  }
  setPermissionCheckHandler(handler: PermissionCheck | null): void {
    this.#check = handler;
  }
  setDevicePermissionHandler(handler: unknown): void {
    this.#device = handler;
  }
  async clearStorageData(): Promise<void> {}
  async clearCache(): Promise<void> {}
  async clearData(): Promise<void> {
    this.forgotten += 1;
  }
  async clearAuthCache(): Promise<void> {}
  /** Not of Electron: how often everything in it was cleared. */
  forgotten = 0;

  /** Not of Electron: whether a page may do this. Without handlers Electron allows everything. */
  grants(contents: object, permission: string, origin: string): boolean {
    const details = { isMainFrame: true, requestingUrl: `${origin}/` };
    const isRefused = this.#check?.(contents, permission, `${origin}/`, details) === false;
    let isGranted = this.#request === null;
    this.#request?.(
      contents,
      permission,
      (granted) => {
        isGranted = granted;
      },
      details,
    );
    return isGranted && !isRefused;
  }
  /** Not of Electron: which handlers of permissions are missing. */
  get unguarded(): string[] {
    const handlers = { request: this.#request, check: this.#check, device: this.#device };
    return Object.entries(handlers).flatMap(([name, handler]) => (handler ? [] : [name]));
  }
}

/** That of the default session; schemes are registered by it before there is a session. */
export const protocol = inside(Session.fromPartition('')).protocol;
