/** One page of Chromium over DevTools: its requests, its navigation, its preload world, and what it complains about. */
import { setTimeout as delay } from 'node:timers/promises';
import { Script } from 'node:vm';
import type { Cdp, Fields } from './cdp.ts';
import { makeCodec } from './clone.ts';
import { fault } from './desk.ts';
import { type FromPage, makeWorld, type ToPage } from './preload-world.ts';
import { surface } from './surface.ts';

const WORLD = 'electron-preload';
const SEND = '__rigSend';
const TAKE = '__rigTake';
const POPUP_MS = 300;

export interface PausedRequest {
  readonly requestId: string;
  readonly frameId: string;
  readonly resourceType: string;
  readonly redirectedRequestId?: string;
  readonly request: {
    readonly url: string;
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly postData?: string;
  };
}

export interface LoginAsked {
  readonly requestId: string;
  readonly request: { readonly url: string };
  readonly authChallenge: { readonly origin: string; readonly scheme: string; readonly realm: string };
}

export interface PageEvents {
  onRequest(request: PausedRequest): void;
  /** A server wants a name and a password. */
  onLogin(asked: LoginAsked): void;
  onMessage(message: FromPage): void;
  /** The document changed: what belonged to the former one is gone. */
  onDocument(): void;
  onLoaded(): void;
  onNavigated(url: string, isInPage: boolean): void;
  /** It wants a window of its own, and gets none. */
  onPopup(url: string): void;
  onComplaint(text: string): void;
  onCrash(): void;
  /** Closed by somebody else. */
  onGone(): void;
}

const codec = makeCodec();

export class PageLink {
  readonly targetId: string;
  readonly #cdp: Cdp;
  readonly #session: string;
  readonly #events: PageEvents;
  #frame = '';
  /** Of the preload's world in the document of now. */
  #world: string | undefined;
  #isClosed = false;

  private constructor(cdp: Cdp, targetId: string, session: string, events: PageEvents) {
    this.#cdp = cdp;
    this.targetId = targetId;
    this.#session = session;
    this.#events = events;
  }

  /** @param preload  its source */
  static async open(
    cdp: Cdp,
    place: { readonly context: string; readonly width: number; readonly height: number },
    preload: string,
    events: PageEvents,
  ): Promise<PageLink> {
    const { context, width, height } = place;
    const { targetId } = await cdp.send<{ targetId: string }>('Target.createTarget', {
      ...{ url: 'about:blank', browserContextId: context, width, height, newWindow: true },
    });
    const { sessionId } = await cdp.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    const link = new PageLink(cdp, targetId, sessionId, events);
    cdp.listen(sessionId, (method, params) => link.#hear(method, params));
    await Promise.all([
      link.send('Page.enable'),
      link.send('Runtime.enable'),
      link.send('Log.enable'),
      link.send('Inspector.enable'),
      link.send('Fetch.enable', { patterns: [{ urlPattern: '*' }], handleAuthRequests: true }),
      link.send('Runtime.addBinding', { name: SEND, executionContextName: WORLD }),
      link.send('Page.addScriptToEvaluateOnNewDocument', { source: worldSource(preload), worldName: WORLD }),
    ]);
    const { frameTree } = await link.send<{ frameTree: { frame: { id: string } } }>('Page.getFrameTree');
    link.#frame = frameTree.frame.id;
    return link;
  }

  send<T extends object = Fields>(method: string, params: Fields = {}): Promise<T> {
    return this.#cdp.send<T>(method, params, this.#session);
  }

  tell(method: string, params: Fields = {}): void {
    this.#cdp.tell(method, params, this.#session);
  }

  isMainFrame(frame: string): boolean {
    return frame === this.#frame;
  }

  /** To the preload of the document of now; false while there is none. */
  post(message: ToPage): boolean {
    if (!this.#world || this.#isClosed) return false;
    const expression = `${TAKE}(${JSON.stringify(codec.encode(message))})`;
    this.tell('Runtime.evaluate', { expression, uniqueContextId: this.#world });
    return true;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cdp.forget(this.#session);
    await this.#cdp.send('Target.closeTarget', { targetId: this.targetId }).catch(() => {});
  }

  #hear(method: string, params: Fields): void {
    switch (method) {
      case 'Fetch.requestPaused':
        this.#events.onRequest(params as unknown as PausedRequest);
        break;
      case 'Fetch.authRequired':
        this.#events.onLogin(params as unknown as LoginAsked);
        break;
      case 'Runtime.bindingCalled':
        if (params.name === SEND) this.#events.onMessage(codec.decode(String(params.payload)) as FromPage);
        break;
      case 'Runtime.executionContextCreated':
        this.#contextCreated(params.context as Fields);
        break;
      case 'Page.loadEventFired':
        this.#events.onLoaded();
        break;
      case 'Page.frameNavigated': {
        const frame = params.frame as { id: string; parentId?: string; url: string; urlFragment?: string };
        if (frame.parentId === undefined) this.#events.onNavigated(frame.url + (frame.urlFragment ?? ''), false);
        break;
      }
      case 'Page.navigatedWithinDocument':
        if (params.frameId === this.#frame) this.#events.onNavigated(String(params.url), true);
        break;
      case 'Page.windowOpen':
        this.#events.onPopup(String(params.url));
        this.#closePopups().catch(() => {});
        break;
      case 'Inspector.targetCrashed':
        this.#world = undefined;
        this.#cdp.forget(this.#session);
        this.#events.onCrash();
        break;
      case 'Inspector.detached':
        if (!this.#isClosed && params.reason === 'target_closed') this.#events.onGone();
        break;
      default:
        this.#complaint(method, params);
    }
  }

  #contextCreated({ name, uniqueId, auxData }: Fields): void {
    if (name !== WORLD || (auxData as { frameId: string }).frameId !== this.#frame) return;
    this.#world = String(uniqueId);
    this.#events.onDocument();
  }

  async #closePopups(): Promise<void> {
    // Other DevTools clients pause a new page until they have looked at it. One that goes before would pause its opener too.
    await delay(POPUP_MS);
    const { targetInfos } = await this.#cdp.send<{ targetInfos: readonly Fields[] }>('Target.getTargets');
    for (const { targetId, openerId } of targetInfos) {
      if (openerId === this.targetId) this.#cdp.tell('Target.closeTarget', { targetId });
    }
  }

  #complaint(method: string, params: Fields): void {
    if (method === 'Runtime.exceptionThrown') {
      const { exceptionDetails } = params as {
        exceptionDetails: { text: string; exception?: { description?: string } };
      };
      this.#events.onComplaint(`uncaught: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    } else if (method === 'Runtime.consoleAPICalled') {
      const { type, args } = params as { type: string; args: { value?: unknown; description?: string }[] };
      if (!/^(error|warning|assert)$/.test(type)) return;
      this.#events.onComplaint(`${type}: ${args.map((one) => one.value ?? one.description).join(' ')}`);
    } else if (method === 'Log.entryAdded') {
      const { level, text, url = '' } = params.entry as { level: string; text: string; url?: string };
      if (level === 'error' || level === 'warning') this.#events.onComplaint(`${level}: ${text} ${url}`.trim());
    }
  }
}

/** The preload as Electron wraps it: a CommonJS module with `require`, in a world of its own, in the top frame only. */
function worldSource(preload: string): string {
  try {
    new Script(`() => { ${preload}\n}`);
  } catch (error) {
    throw fault(`The preload could not be read: ${error}`);
  }
  const modules = JSON.stringify([...surface.exports.renderer]);
  const ipc = JSON.stringify([
    ...(surface.types.get('IpcRenderer')?.members ?? []),
    'on',
    'once',
    'off',
    'removeListener',
  ]);
  return `if (window === window.top) globalThis.${TAKE} = (${makeWorld})(
    { codec: (${makeCodec})(), send: globalThis.${SEND}, modules: ${modules}, ipcMembers: ${ipc}, platform: ${JSON.stringify(process.platform)} },
    (require, process, module = { exports: {} }, exports = module.exports) => { ${preload}
    });`;
}
