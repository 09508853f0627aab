/** A sink of the message decoder that keeps what it is told; data of one stream that follows each other is joined. */
import type { Message } from '../../main/iotmp/message.ts';
import type { MessageSink } from '../../main/iotmp/message-decoder.ts';
import type { Heard } from '../fixtures/iotmp/message-vectors.ts';

export class Listener implements MessageSink {
  readonly #heard: Heard[] = [];
  #id = 0;
  #parts: Buffer[] = [];

  get heard(): readonly Heard[] {
    this.#join();
    return this.#heard;
  }

  message(message: Message): void {
    this.#join();
    this.#heard.push({ message });
  }

  data(id: number, bytes: Buffer): void {
    if (id !== this.#id) this.#join();
    this.#id = id;
    this.#parts.push(bytes);
  }

  #join(): void {
    if (this.#parts.length === 0) return;
    this.#heard.push({ id: this.#id, data: Buffer.concat(this.#parts) });
    this.#parts = [];
  }
}
