/** A spread port within a thread: an ordinary TcpServer for a proxy of which the thread knows only the profile. */
import type { SluiceError } from '../../../shared/errors.ts';
import type { ProxyProfile } from '../../../shared/proxy.ts';
import { AddressRules } from '../../access/address-rules.ts';
import type { Tap } from '../../traffic/tap.ts';
import { makeTarget } from '../make-target.ts';
import type { EngineParts, ListenAt, Rejection, ServedProxy } from '../port-server.ts';
import { Room } from '../room.ts';
import type { Target } from '../target.ts';
import { TcpServer } from '../tcp-server.ts';
import { ThreadFigures } from './figures.ts';
import { type News, type Opening, sendable } from './messages.ts';
import { Reporter } from './reporter.ts';

export interface ThreadServerOptions {
  readonly opening: Opening;
  readonly thread: number;
  readonly ids: SharedArrayBuffer;
  readonly parts: Omit<EngineParts, 'pipes'>;
  /** There is more to tell than bytes. */
  readonly onEvent: () => void;
  /** Makes what takes the payload of a pipe. */
  readonly tapOf: (pipe: string) => Tap;
}

export class ThreadServer implements ServedProxy {
  readonly meter: ThreadFigures;
  readonly counters: ThreadFigures;
  readonly room: Room;
  #profile: ProxyProfile;
  #rules: AddressRules;
  #target: Target;
  readonly #parts: EngineParts;
  readonly #reporter: Reporter;
  readonly #server: TcpServer;
  #isClosed = false;

  constructor({ opening, thread, ids, parts, onEvent, tapOf }: ThreadServerOptions) {
    this.#reporter = new Reporter(opening.server, ids, onEvent, tapOf);
    this.#reporter.isWatched = opening.isWatched;
    this.#parts = { ...parts, pipes: this.#reporter };
    this.meter = new ThreadFigures(opening.figures, thread);
    this.counters = this.meter;
    this.room = new Room(thread, opening.room);
    this.#profile = opening.profile;
    this.#rules = new AddressRules(opening.profile.config.source.allow);
    this.#target = makeTarget(opening.profile.config, this.#parts);
    this.#server = new TcpServer(this, this.#parts, opening.at, true);
  }

  get profile(): ProxyProfile {
    return this.#profile;
  }

  get rules(): AddressRules {
    return this.#rules;
  }

  get target(): Target {
    return this.#target;
  }

  /** True where nothing will happen here any more. */
  get isOver(): boolean {
    return this.#isClosed && this.#reporter.openPipes === 0;
  }

  tried(fault: SluiceError | null): void {
    this.#reporter.tried(fault && sendable(fault));
  }

  rejected(rejection: Rejection): void {
    this.#reporter.rejected(rejection);
  }

  get bound(): ListenAt {
    return this.#server.bound;
  }

  async listen(): Promise<ListenAt> {
    await this.#server.listen();
    if (this.#isClosed) await this.#server.close();
    return this.#server.bound;
  }

  change(profile: ProxyProfile, isWatched: boolean): void {
    this.#reporter.isWatched = isWatched;
    this.#profile = profile;
    this.#rules = new AddressRules(profile.config.source.allow);
    this.#target = makeTarget(profile.config, this.#parts);
    this.#server.enforce(this.#rules);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#server.close();
  }

  drain(deadlineMs: number): Promise<void> {
    return this.#server.drain(deadlineMs);
  }

  kill(pipe: string): void {
    this.#reporter.kill(pipe);
  }

  watch(pipe: string, isWatched: boolean): void {
    this.#reporter.watch(pipe, isWatched);
  }

  sweep(nowMs: number): void {
    this.#server.sweep(nowMs);
  }

  news(): News | undefined {
    return this.#reporter.news();
  }
}
