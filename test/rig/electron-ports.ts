/** `MessageChannelMain`, `MessagePortMain`: two ends in this process, of which one can go over to a page. */
import { EventEmitter } from 'node:events';
import { checked, inside } from './checked.ts';
import { fault } from './desk.ts';

/** Where an end went that was handed over. */
export interface FarEnd {
  send(data: unknown): void;
  close(): void;
}

export class MessagePortMain extends EventEmitter {
  #other: MessagePortMain | undefined;
  #far: FarEnd | undefined;
  #isStarted = false;
  #isClosed = false;
  /** What came before somebody listened. */
  #waiting: unknown[] = [];

  static pair(): [MessagePortMain, MessagePortMain] {
    const [one, two] = [new MessagePortMain(), new MessagePortMain()];
    one.#other = two;
    two.#other = one;
    return [one, two];
  }

  postMessage(message: unknown, transfer: readonly object[] = []): void {
    if (transfer.length > 0) throw fault('The rig hands ports over with the message of a frame only.');
    if (this.#far) throw fault('A port that was handed over cannot be used here.');
    const copy = structuredClone(message);
    setImmediate(() => this.#other?.receive(copy));
  }

  start(): void {
    this.#isStarted = true;
    for (const data of this.#waiting.splice(0)) this.#emit(data);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#far?.close();
    const other = this.#other;
    setImmediate(() => {
      if (!this.#far) this.emit('close');
      other?.close();
    });
  }

  /** What the other end sent: to the listeners here, or on to the page. */
  receive(data: unknown): void {
    if (this.#isClosed) return;
    if (this.#far) this.#far.send(data);
    else if (this.#isStarted) this.#emit(data);
    else this.#waiting.push(data);
  }

  /** Hands this end over; gives what the far side says back to the end that stays. */
  handOver(far: FarEnd): { receive(data: unknown): void; close(): void } {
    if (this.#far || this.#isClosed) throw fault('A port can be handed over once, and only while it is open.');
    this.#far = far;
    for (const data of this.#waiting.splice(0)) far.send(data);
    return { receive: (data) => this.#other?.receive(data), close: () => this.close() };
  }

  #emit(data: unknown): void {
    this.emit('message', { data, ports: [] });
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;

  constructor() {
    const [one, two] = MessagePortMain.pair();
    this.port1 = checked(one, 'MessagePortMain');
    this.port2 = checked(two, 'MessagePortMain');
  }
}

/** What the application gave to be handed over. */
export function portsOf(transfer: readonly object[] = []): MessagePortMain[] {
  return transfer.map((given) => {
    const port = inside(given);
    if (!(port instanceof MessagePortMain)) throw fault('Only a MessagePortMain can be handed over to a page.');
    return port;
  });
}
