/** Looks into the heap of a program that was started with `--inspect`, by the debugging protocol of Node. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Program } from '../support/program.ts';

export const INSPECTED = ['--inspect=127.0.0.1:0'];

export class Inspector {
  readonly #socket: WebSocket;
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async of(program: Program): Promise<Inspector> {
    const url = /ws:\/\/\S+/.exec(program.log())?.[0];
    if (!url) throw new Error('The program was not started with --inspect.');
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  /** Bytes of the heap and of buffers outside of it, after the garbage was collected. */
  async heap(): Promise<number> {
    await this.#ask('HeapProfiler.collectGarbage');
    return Number(await this.evaluate('(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())'));
  }

  /** Sockets, servers and timers that keep the program going. */
  async handles(): Promise<number> {
    return Number(await this.evaluate('process.getActiveResourcesInfo().length'));
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result } = (await this.#ask('Runtime.evaluate', { expression })) as { result: { value: unknown } };
    return result.value;
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(method: string, params: object = {}): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    this.#socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = await once(this.#socket, 'message');
      const answer = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } };
      if (answer.id !== id) continue;
      if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
      return answer.result;
    }
  }
}
