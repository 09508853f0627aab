/**
 * What the preload finds in its isolated world: `require` as in a sandbox, and IPC with the rig. The function is handed
 * to the page as source, so it uses nothing from outside itself.
 */
import type { Codec } from './clone.ts';

/** From the rig to the page. */
export type ToPage =
  | { readonly kind: 'ipc'; readonly channel: string; readonly args: unknown[]; readonly ports: number[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'close'; readonly port: number }
  | { readonly kind: 'answer'; readonly call: number; readonly result?: unknown; readonly error?: string };

/** From the page to the rig. */
export type FromPage =
  | { readonly kind: 'ipc'; readonly channel: string; readonly args: unknown[] }
  | { readonly kind: 'call'; readonly call: number; readonly channel: string; readonly args: unknown[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'close'; readonly port: number }
  | { readonly kind: 'fault'; readonly text: string };

export interface WorldGiven {
  readonly codec: Codec;
  /** Takes one text to the rig. */
  readonly send: (text: string) => void;
  /** What `electron` has in a page, and what `ipcRenderer` has. */
  readonly modules: readonly string[];
  readonly ipcMembers: readonly string[];
  readonly platform: string;
}

/** Makes the world, runs the preload in it, and gives the function that takes texts from the rig. */
export function makeWorld(
  { codec, send, modules, ipcMembers, platform }: WorldGiven,
  runPreload: (require: (name: string) => unknown, process: object) => void,
): (text: string) => void {
  const tell = (message: FromPage): void => send(codec.encode(message));
  const fault = (text: string): Error => {
    tell({ kind: 'fault', text });
    return new Error(text);
  };
  const listeners = new Map<string, Set<(event: object, ...args: unknown[]) => void>>();
  const ports = new Map<number, MessagePort>();
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastCall = 0;

  /** A real port for the preload; what it gets goes to the rig under its number. */
  const openPort = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = ({ data }) => tell({ kind: 'port', port: id, data });
    port1.addEventListener('close', () => {
      ports.delete(id);
      tell({ kind: 'close', port: id });
    });
    return port2;
  };

  const add = (channel: string, listener: (event: object, ...args: unknown[]) => void): void => {
    const known = listeners.get(channel) ?? new Set();
    listeners.set(channel, known.add(listener));
  };
  const ipcRenderer: Record<string, unknown> = {
    on: (channel: string, listener: (event: object, ...args: unknown[]) => void) => add(channel, listener),
    once: (channel: string, listener: (event: object, ...args: unknown[]) => void) => {
      const first = (event: object, ...args: unknown[]) => {
        listeners.get(channel)?.delete(first);
        listener(event, ...args);
      };
      add(channel, first);
    },
    off: (channel: string, listener: () => void) => listeners.get(channel)?.delete(listener),
    removeListener: (channel: string, listener: () => void) => listeners.get(channel)?.delete(listener),
    removeAllListeners: (channel: string) => listeners.delete(channel),
    send: (channel: string, ...args: unknown[]) => tell({ kind: 'ipc', channel, args }),
    invoke: (channel: string, ...args: unknown[]) => {
      const call = ++lastCall;
      tell({ kind: 'call', call, channel, args });
      return new Promise((resolve, reject) => {
        calls.set(call, { resolve, reject });
      });
    },
  };
  /** Only what Electron has, and of that only what is stood in for. */
  const only = (label: string, known: readonly string[], object: Record<string, unknown>): object =>
    new Proxy(object, {
      get: (target, member) => {
        if (typeof member === 'symbol' || member === '__esModule') return undefined;
        if (!known.includes(member)) throw fault(`electron.d.ts knows no ${label}.${member} in a preload.`);
        if (!(member in target)) throw fault(`The rig does not stand in for ${label}.${member} in a preload yet.`);
        return target[member];
      },
    });
  const electron = only('electron', modules, { ipcRenderer: only('ipcRenderer', ipcMembers, ipcRenderer) });
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw fault(`A sandboxed preload cannot require '${name}'.`);
  };
  const process = { type: 'renderer', sandboxed: true, contextIsolated: true, platform, versions: {}, env: {} };

  try {
    runPreload(require, process);
  } catch (error) {
    fault(`The preload failed: ${error instanceof Error ? error.message : String(error)}`);
  }

  return (text) => {
    const message = codec.decode(text) as ToPage;
    switch (message.kind) {
      case 'ipc': {
        const heard = listeners.get(message.channel);
        if (!heard?.size) fault(`The preload does not listen on the channel '${message.channel}'.`);
        const event = { sender: electron, ports: message.ports.map(openPort) };
        for (const listener of heard ?? []) listener(event, ...message.args);
        break;
      }
      case 'port':
        ports.get(message.port)?.postMessage(message.data);
        break;
      case 'close': {
        const port = ports.get(message.port);
        ports.delete(message.port);
        port?.close();
        break;
      }
      case 'answer': {
        const call = calls.get(message.call);
        calls.delete(message.call);
        if (message.error === undefined) call?.resolve(message.result);
        else call?.reject(new Error(message.error));
      }
    }
  };
}
