/** The ports that a page was given, by the number under which its messages travel. */
import { type MessagePortMain, portsOf } from './electron-ports.ts';
import type { PageLink } from './page-link.ts';

let lastId = 0;

export class PagePorts {
  readonly #ports = new Map<number, ReturnType<MessagePortMain['handOver']>>();

  /** Their numbers. */
  handOver(transfer: readonly object[], link: PageLink): number[] {
    return portsOf(transfer).map((port) => {
      const id = ++lastId;
      const far = {
        send: (data: unknown) => void link.post({ kind: 'port', port: id, data }),
        close: () => void link.post({ kind: 'close', port: id }),
      };
      this.#ports.set(id, port.handOver(far));
      return id;
    });
  }

  receive(id: number, data: unknown): void {
    this.#ports.get(id)?.receive(data);
  }

  close(id: number): void {
    this.#ports.get(id)?.close();
    this.#ports.delete(id);
  }

  closeAll(): void {
    for (const id of this.#ports.keys()) this.close(id);
  }
}
