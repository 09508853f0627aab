/**
 * What a hostile page of a device tries against the application and against another portal, by name. `runAttempts` is
 * handed to a browser as it stands, so everything it needs is inside it.
 */

export interface HostileWorld {
  /** The page of Sluice: `http://sluice.localhost:7420` */
  readonly app: string;
  /** The same port by its address. */
  readonly api: string;
  /** Another portal, which somebody is logged in to. */
  readonly victim: string;
  /** Profile that an attempt would add. */
  readonly profile: object;
}

/** Which attempts there were, and which of them got something. What they may have changed is for the caller to look at. */
export async function runAttempts(world: HostileWorld): Promise<{ tried: string[]; succeeded: string[] }> {
  const { app, api, victim, profile } = world;
  const wsOf = (origin: string) => origin.replace(/^http/, 'ws');
  const body = JSON.stringify(profile);
  const outside: Window | null = parent === window ? opener : parent;
  const pause = (ms: number) => new Promise<false>((resolve) => setTimeout(() => resolve(false), ms));

  /** A readable answer of any status. */
  const reads = async (url: string, options: RequestInit = {}) => (await (await fetch(url, options)).text()) !== '';
  const asks = (url: string, method: string, withCredentials: boolean) =>
    new Promise<boolean>((resolve) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      request.withCredentials = withCredentials;
      request.onload = () => resolve(request.responseText !== '');
      request.onerror = () => resolve(false);
      request.send();
    });
  /** Whether an element that loads something says that it came. */
  const loads = (tag: string, attributes: Record<string, string>) =>
    new Promise<boolean>((resolve) => {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      for (const event of ['load', 'loadeddata']) element.addEventListener(event, () => resolve(true));
      element.addEventListener('error', () => resolve(false));
      document.body.append(element);
    });
  /** A frame of another origin loads whatever came; only its document would be a success. */
  const shows = async (url: string) => {
    const frame = document.createElement('iframe');
    frame.src = url;
    document.body.append(frame);
    await pause(500);
    const shown = frame.contentDocument?.URL ?? 'about:blank';
    return shown !== 'about:blank' && !shown.startsWith(location.origin);
  };
  const posts = async (url: string, type: string, target: string) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = url;
    form.enctype = type;
    form.target = target;
    const field = document.createElement('input');
    // With text/plain a form can write JSON.
    field.name = body.slice(0, -1).concat(',"x":"');
    field.value = '"}';
    form.append(field);
    document.body.append(form);
    form.submit();
    await pause(500);
    return false;
  };
  const framed = async (url: string, type: string) => {
    const frame = document.createElement('iframe');
    frame.name = `sink${Math.random()}`;
    document.body.append(frame);
    return posts(url, type, frame.name);
  };
  const hears = (url: string, greeting?: string) =>
    new Promise<boolean>((resolve) => {
      const socket = new WebSocket(url);
      socket.onopen = () => {
        if (greeting === undefined) resolve(true);
        else socket.send(greeting);
      };
      socket.onmessage = () => resolve(true);
      socket.onclose = () => resolve(false);
    });
  const streams = (url: string) =>
    new Promise<boolean>((resolve) => {
      const source = new EventSource(url, { withCredentials: true });
      source.onmessage = () => resolve(true);
      source.onopen = () => resolve(true);
      source.onerror = () => {
        source.close();
        resolve(false);
      };
    });
  const workerSource = `const tell = (text) => { for (const port of ports) port.postMessage(text); }; const ports = [self];
    self.onconnect = (event) => ports.push(event.ports[0]);
    fetch('${app}/v1/proxies').then((reply) => reply.text()).then((text) => tell(text), () => {});
    fetch('${victim}/overview', { credentials: 'include' }).then((reply) => reply.text()).then((text) => tell(text), () => {});`;
  const workerUrl = () => URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  const opens = async (url: string) => {
    const opened = window.open(url);
    await pause(500);
    // Reading it throws where it is of another origin.
    return opened !== null && opened.document.body.innerText !== '';
  };
  const answers = async (message: unknown, transfer: Transferable[] = []) => {
    if (!outside) return false;
    const heard = new Promise<boolean>((resolve) => addEventListener('message', () => resolve(true), { once: true }));
    outside.postMessage(message, '*', transfer);
    return Promise.race([heard, pause(500)]);
  };
  const clicks = async (attributes: Record<string, string>) => {
    const link = document.createElement('a');
    for (const [name, value] of Object.entries(attributes)) link.setAttribute(name, value);
    document.body.append(link);
    link.click();
    await pause(300);
    return false;
  };
  const isFramed = parent !== window;

  const attempts: Record<string, () => unknown> = {
    'fetch of the API': () => reads(`${app}/v1/proxies`),
    'fetch of the API with credentials': () => reads(`${app}/v1/proxies`, { credentials: 'include' }),
    'fetch of the API without CORS': () => reads(`${app}/v1/proxies`, { mode: 'no-cors' }),
    'fetch of the API by its address': () => reads(`${api}/v1/proxies`),
    'fetch of the API with a guessed token': () =>
      reads(`${app}/v1/proxies`, { headers: { authorization: 'Bearer admin' } }),
    'fetch of the health of the API': () => reads(`${app}/healthz`),
    'fetch of the page': () => reads(`${app}/`),
    'JSON to the API': () =>
      reads(`${app}/v1/proxies`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
    'plain text to the API': () => reads(`${app}/v1/proxies`, { method: 'POST', mode: 'no-cors', body }),
    'plain text to the API by its address': () =>
      reads(`${api}/v1/proxies`, { method: 'POST', mode: 'no-cors', body, credentials: 'include' }),
    'DELETE to the API': () => reads(`${app}/v1/proxies/victim`, { method: 'DELETE' }),
    'XMLHttpRequest to the API': () => asks(`${app}/v1/proxies`, 'GET', true),
    'XMLHttpRequest to the API by its address': () => asks(`${api}/v1/settings`, 'GET', false),
    'beacon to the API': () => {
      navigator.sendBeacon(`${app}/v1/proxies`, body);
      return false;
    },
    'WebSocket to the API': () => hears(`${wsOf(app)}/rpc`, JSON.stringify({ token: '' })),
    'WebSocket to the API by its address': () => hears(`${wsOf(api)}/rpc`, JSON.stringify({ token: 'x' })),
    'events of the API': () => streams(`${app}/v1/events`),
    'form to the API': () => framed(`${app}/v1/proxies`, 'text/plain'),
    'form to the API by its address': () => framed(`${api}/v1/proxies`, 'application/x-www-form-urlencoded'),
    'picture from the API': () => loads('img', { src: `${app}/v1/proxies` }),
    'script from the API': () => loads('script', { src: `${app}/openapi.json` }),
    'style sheet from the API': () => loads('link', { rel: 'stylesheet', href: `${app}/v1/status` }),
    'module from the page': () => import(/* @vite-ignore */ `${app}/v1/status`).then(() => true),
    'page of Sluice in a frame': () => shows(`${app}/`),
    'top navigation': () => {
      if (isFramed && top) top.location.href = `${victim}/overview`;
      return false;
    },
    'top navigation by its fragment': () => {
      if (isFramed && top) top.location.replace(`${app}/#/settings`);
      return false;
    },
    'top navigation by a link': () => isFramed && clicks({ href: `${app}/#/settings`, target: '_top' }),
    'top navigation by a form': () => isFramed && posts(`${app}/v1/proxies`, 'text/plain', '_top'),
    'parent document': () => outside?.document.title,
    'parent address': () => outside?.location.href,
    'parent storage': () => outside?.sessionStorage.getItem('sluice.token'),
    'sibling frames of the parent': () => outside?.frames[0] && outside.frames[0] !== window,
    'document.domain': () => {
      document.domain = 'sluice.localhost';
      return outside?.document.title;
    },
    'message to the page': () => answers({ type: 'sluice.port.request', token: '' }),
    'message with a port to the page': () => {
      const { port1, port2 } = new MessageChannel();
      const heard = new Promise<boolean>((resolve) => {
        port1.onmessage = () => resolve(true);
      });
      return Promise.race([heard, answers({ type: 'sluice.port.answer', outcome: 'open' }, [port2])]);
    },
    'window of the page': () => opens(`${app}/`),
    'window of the other portal': () => opens(`${victim}/overview`),
    'window that it already has': () => opens(`${app}/#/settings`),
    'cookies of others': () => /sluice|victim/.test(document.cookie),
    'cookie store': async () =>
      (
        await (window as unknown as { cookieStore: { getAll(): Promise<{ name: string }[]> } }).cookieStore.getAll()
      ).some(({ name }) => name.startsWith('sluice')),
    'storage of others': () => localStorage.getItem('sluice.portal-zoom') ?? sessionStorage.getItem('sluice.token'),
    'databases of others': async () => (await indexedDB.databases()).length > 0,
    'broadcast channel': () =>
      new Promise<boolean>((resolve) => {
        const channel = new BroadcastChannel('sluice');
        channel.onmessage = () => resolve(true);
        channel.postMessage('hello');
      }),
    worker: () =>
      new Promise<boolean>((resolve) => {
        new Worker(workerUrl()).onmessage = () => resolve(true);
      }),
    'shared worker': () =>
      new Promise<boolean>((resolve) => {
        new SharedWorker(workerUrl()).port.onmessage = () => resolve(true);
      }),
    'service worker': () => navigator.serviceWorker.register('/worker.js').then(() => true),
    'fetch of the other portal': () => reads(`${victim}/overview`),
    'fetch of the other portal with credentials': () => reads(`${victim}/overview`, { credentials: 'include' }),
    'fetch of the other portal without CORS': () =>
      reads(`${victim}/overview`, { credentials: 'include', mode: 'no-cors' }),
    'POST to the other portal': () =>
      reads(`${victim}/login`, { method: 'POST', credentials: 'include', mode: 'no-cors', body: 'password=operator' }),
    'XMLHttpRequest to the other portal': () => asks(`${victim}/overview`, 'GET', true),
    'beacon to the other portal': () => {
      navigator.sendBeacon(`${victim}/login`, 'password=operator');
      return false;
    },
    'WebSocket to the other portal': () => hears(`${wsOf(victim)}/ticks`),
    'events of the other portal': () => streams(`${victim}/overview`),
    'picture from the other portal': () => loads('img', { src: `${victim}/overview` }),
    'film from the other portal': () => loads('video', { src: `${victim}/overview` }),
    'script from the other portal': () => loads('script', { src: `${victim}/overview` }),
    'style sheet from the other portal': () => loads('link', { rel: 'stylesheet', href: `${victim}/overview` }),
    'prefetch of the other portal': () => loads('link', { rel: 'prefetch', href: `${victim}/overview` }),
    'object of the other portal': () => loads('object', { data: `${victim}/overview`, type: 'image/png' }),
    'other portal in a frame': () => shows(`${victim}/overview`),
    'form to the other portal': () => framed(`${victim}/login`, 'application/x-www-form-urlencoded'),
    'guessed ticket of the other portal': () => shows(`${victim}/.sluice/open?ticket=AAAA&to=/overview`),
    'own door to the other portal': () => shows(`/.sluice/open?to=${encodeURIComponent(`${victim}/overview`)}`),
  };

  const succeeded: string[] = [];
  await Promise.all(
    Object.entries(attempts).map(async ([name, attempt]) => {
      try {
        if (await Promise.race([Promise.resolve(attempt()), pause(2000)])) succeeded.push(name);
      } catch {
        // Refused by the browser.
      }
    }),
  );
  await pause(500);
  return { tried: Object.keys(attempts), succeeded };
}
