/** `WebContents`: the page of a window as the main process knows it. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cdp } from './cdp.ts';
import { checked } from './checked.ts';
import { desk, fault } from './desk.ts';
import { app } from './electron-app.ts';
import { originOf, WebFrameMain } from './electron-frame.ts';
import { ipcMain } from './electron-ipc.ts';
import { nativeTheme } from './electron-screen.ts';
import type { Session } from './electron-session.ts';
import { NativeImage } from './electron-tray.ts';
import { emitEvent } from './event.ts';
import { NavigationHistory } from './navigation-history.ts';
import { type LoginAsked, PageLink } from './page-link.ts';
import { PagePorts } from './page-ports.ts';
import { setPermissions } from './permissions.ts';
import type { FromPage } from './preload-world.ts';
import { answerRequest } from './requests.ts';
import { inward, outward, schemeOf } from './schemes.ts';

export interface ContentsOptions {
  readonly chromium: Promise<Cdp>;
  readonly session: Session;
  readonly preload: string | undefined;
  readonly size: { readonly width: number; readonly height: number };
  /** Its first document can be seen. */
  readonly onShown: () => void;
}

let lastId = 0;

type OpenHandler = (details: object) => { readonly action: string };

export class WebContents extends EventEmitter {
  readonly id = ++lastId;
  readonly #options: ContentsOptions;
  readonly session: object;
  #link: Promise<PageLink> | undefined;
  #now: PageLink | undefined;
  #frame = new WebFrameMain(this);
  #url = '';
  #isCrashed = false;
  #isDestroyed = false;
  /** The address that the application asked for, as Chromium knows it and without fragment. */
  #wished: string | undefined;
  #loading: { resolve(): void; reject(error: Error): void } | undefined;
  #openHandler: OpenHandler | undefined;
  readonly #ports = new PagePorts();

  constructor(options: ContentsOptions) {
    super();
    this.#options = options;
    this.session = checked(options.session, 'Session');
    emitEvent(app, 'web-contents-created', {}, checked(this, 'WebContents'));
  }

  get mainFrame(): object {
    return checked(this.#frame, 'WebFrameMain');
  }
  getURL(): string {
    return this.#url;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  isCrashed(): boolean {
    return this.#isCrashed;
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  /** Of Chromium; undefined while there is no page. */
  get targetId(): string | undefined {
    return this.#now?.targetId;
  }

  async loadURL(url: string): Promise<void> {
    const { session } = this.#options;
    const isKnown = /^(https?|data|about)$/.test(schemeOf(url)) || session.answers.isProtocolHandled(schemeOf(url));
    if (!isKnown) throw new Error(`ERR_UNKNOWN_URL_SCHEME (-302) loading '${url}'`);
    const address = outward(url);
    const link = await this.#present();
    const [cdp, context] = [await this.#options.chromium, (await session.context) ?? ''];
    await setPermissions(cdp, context, session, checked(this, 'WebContents'), originOf(url));
    await this.#load(address, () => link.send('Page.navigate', { url: address }));
  }

  reload(): void {
    const url = this.#url;
    const isNew = this.#isCrashed;
    const again = async (): Promise<void> => {
      if (isNew) await this.loadURL(url);
      else {
        const link = await this.#present();
        await this.#load(outward(url), () => link.send('Page.reload'));
      }
    };
    if (isNew) this.#drop();
    again().catch((error: Error) => this.#isDestroyed || emitEvent(this, 'did-fail-load', {}, -2, error.message, url));
  }

  send(channel: string, ...args: unknown[]): void {
    this.#now?.post({ kind: 'ipc', channel, args: structuredClone(args), ports: [] });
  }

  postMessage(channel: string, message: unknown, transfer: readonly object[] = []): void {
    const link = this.#now;
    const ports = link ? this.#ports.handOver(transfer, link) : [];
    const isSent = link?.post({ kind: 'ipc', channel, args: [structuredClone(message)], ports });
    if (!isSent) this.#ports.closeAll();
  }

  async executeJavaScript(code: string): Promise<unknown> {
    const link = await this.#present();
    const answer = await link.send<{ result: { value?: unknown }; exceptionDetails?: { text: string } }>(
      'Runtime.evaluate',
      { expression: code, awaitPromise: true, returnByValue: true },
    );
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.text);
    return answer.result.value;
  }

  forcefullyCrashRenderer(): void {
    this.#now?.tell('Page.crash');
  }
  openDevTools(): void {}
  toggleDevTools(): void {}
  setZoomLevel(): void {}
  setWebRTCIPHandlingPolicy(policy: string): void {
    this.rtcPolicy = policy;
  }
  /** Not of Electron. */
  rtcPolicy = 'default';
  #zoomFactor = 1;
  setZoomFactor(factor: number): void {
    this.#zoomFactor = factor;
  }
  getZoomFactor(): number {
    return this.#zoomFactor;
  }
  #hasFocus = false;
  focus(): void {
    this.#hasFocus = true;
    this.#now?.tell('Page.bringToFront');
  }
  isFocused(): boolean {
    return this.#hasFocus;
  }
  readonly steps = new NavigationHistory((entry) => this.#goTo(entry));
  readonly navigationHistory = checked(this.steps, 'NavigationHistory');
  close(): void {
    this.destroy().catch(() => {});
  }
  async capturePage(): Promise<object> {
    const link = await this.#present();
    const { data } = await link.send<{ data: string }>('Page.captureScreenshot', { format: 'png' });
    return checked(new NativeImage('', Buffer.from(data, 'base64')), 'NativeImage');
  }

  /** Not of Electron: tells the page whether the system is dark or light. */
  showTheme(link = this.#now): void {
    const value = nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
    link?.tell('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
  }

  /** Not of Electron: ends the page with its window. */
  async destroy(): Promise<void> {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    const link = this.#link;
    this.#drop();
    emitEvent(this, 'destroyed');
    await (await link?.catch(() => undefined))?.close();
  }

  #present(): Promise<PageLink> {
    this.#link ??= this.#open();
    return this.#link;
  }

  async #open(): Promise<PageLink> {
    const { chromium, session, preload, size } = this.#options;
    const cdp = await chromium;
    session.context ??= cdp
      .send<{ browserContextId: string }>('Target.createBrowserContext', { disposeOnDetach: true })
      .then(({ browserContextId }) => browserContextId);
    const context = await session.context;
    const source = preload === undefined ? '' : readFileSync(preload, 'utf8');
    const link: PageLink = await PageLink.open(cdp, { context, ...size }, source, {
      onRequest: (request) => void answerRequest(request, link, session, this.#navigation),
      onLogin: (asked) => this.#askLogin(asked),
      onMessage: (message) => this.#hear(message),
      onDocument: () => this.#ports.closeAll(),
      onLoaded: () => this.#loaded(),
      onNavigated: (url, isInPage) => this.#navigated(url, isInPage),
      onPopup: (url) => this.#popup(url),
      onComplaint: (text) => desk.complaints.push(text),
      onCrash: () => this.#crashed(),
      onGone: () => emitEvent(this, 'destroyed'),
    });
    if (this.#isDestroyed) await link.close();
    this.showTheme(link);
    this.#now = link;
    this.#isCrashed = false;
    return link;
  }

  /** What the application says to a navigation that it did not ask for. */
  readonly #navigation = {
    isWished: (address: string): boolean => address === this.#wished?.split('#')[0],
    isAllowed: (event: 'will-navigate' | 'will-redirect', url: string): boolean =>
      emitEvent(this, event, { url, isMainFrame: true, isSameDocument: false, frame: this.mainFrame }, url),
  };

  async #load(address: string, navigate: () => Promise<object>): Promise<void> {
    this.#loading?.reject(new Error(`ERR_ABORTED (-3) loading '${this.#url}'`));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => {});
    this.#wished = address;
    this.#loading = { resolve, reject };
    const { errorText, loaderId } = (await navigate()) as { errorText?: string; loaderId?: string };
    if (errorText) this.#loading.reject(new Error(`${errorText} loading '${inward(address)}'`));
    else if (loaderId === undefined) this.#loading.resolve();
    await promise;
  }

  #loaded(): void {
    if (this.#url === '') return;
    this.#wished = undefined;
    this.#loading?.resolve();
    this.#inTurn(async () => {
      emitEvent(this, 'dom-ready');
      emitEvent(this, 'did-finish-load');
      this.#options.onShown();
    });
  }

  /** Where it can go back to is asked of Chromium; what is told stays in order. */
  #turn: Promise<void> = Promise.resolve();
  #inTurn(tell: () => Promise<void>): void {
    this.#turn = this.#turn.then(async () => {
      if (!this.#isDestroyed) await tell();
    });
  }

  /** While one page takes the place of another Chromium has none to tell of. */
  async #learnSteps(): Promise<void> {
    for (let attempt = 0; attempt < 100 && !this.#isDestroyed; attempt += 1) {
      const steps = await this.#now?.send('Page.getNavigationHistory').catch(() => undefined);
      if (steps) return this.steps.learn(steps);
      await delay(10);
    }
  }

  #goTo(entry: { readonly id: number; readonly url: string }): void {
    this.#wished = outward(entry.url);
    this.#now?.tell('Page.navigateToHistoryEntry', { entryId: entry.id });
  }

  #navigated(url: string, isInPage: boolean): void {
    if (url === 'about:blank') return;
    this.#url = inward(url);
    const now = this.#url;
    this.#inTurn(async () => {
      await this.#learnSteps();
      emitEvent(this, isInPage ? 'did-navigate-in-page' : 'did-navigate', {}, now, true);
    });
    if (isInPage) this.#loading?.resolve();
  }

  /** Whoever prevents the event answers; else nobody logs in. */
  #askLogin({ requestId, request, authChallenge: { scheme, realm, origin } }: LoginAsked): void {
    const answer = (username?: string, password?: string): void => {
      const response = username === undefined ? 'CancelAuth' : 'ProvideCredentials';
      this.#now?.tell('Fetch.continueWithAuth', {
        requestId,
        authChallengeResponse: { response, ...(username !== undefined && { username, password }) },
      });
    };
    const { hostname: host, port } = new URL(origin);
    const info = { isProxy: false, scheme, host, port: Number(port), realm };
    if (emitEvent(this, 'login', {}, { url: inward(request.url), pid: 0 }, info, answer)) answer();
  }

  #popup(url: string): void {
    const details = { url: inward(url), frameName: '', features: '', disposition: 'foreground-tab' };
    const answer = this.#openHandler?.(details);
    if (answer?.action !== 'deny') fault(`The page opened a window of its own for ${details.url}.`);
  }

  #crashed(): void {
    this.#isCrashed = true;
    this.#ports.closeAll();
    this.#loading?.reject(new Error('The page crashed while it was loaded.'));
    const details = { reason: 'crashed', exitCode: 133 };
    emitEvent(app, 'render-process-gone', {}, checked(this, 'WebContents'), details);
    emitEvent(this, 'render-process-gone', {}, details);
  }

  /** The page is gone, or another one takes its place. */
  #drop(): void {
    const link = this.#now;
    this.#now = undefined;
    this.#link = undefined;
    this.#ports.closeAll();
    this.#frame.destroy();
    this.#loading?.reject(new Error('The page is gone.'));
    if (!this.#isDestroyed) {
      this.#frame = new WebFrameMain(this);
      link?.close().catch(() => {});
    }
  }

  #hear(message: FromPage): void {
    switch (message.kind) {
      case 'ipc':
        ipcMain.hear(this, this.#frame, message.channel, message.args);
        break;
      case 'call': {
        const { call } = message;
        ipcMain.answer(this, this.#frame, message.channel, message.args).then(
          (result) => this.#now?.post({ kind: 'answer', call, result }),
          (error: Error) => this.#now?.post({ kind: 'answer', call, error: error.message }),
        );
        break;
      }
      case 'port':
        this.#ports.receive(message.port, message.data);
        break;
      case 'close':
        this.#ports.close(message.port);
        break;
      case 'fault':
        emitEvent(this, 'preload-error', {}, this.#options.preload, fault(message.text));
    }
  }
}
