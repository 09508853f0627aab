/**
 * One plugin as it is now: what its program or container does, and whether something answers on its port, as one state.
 * "Running" is said only where something answers.
 */
import { isDeepStrictEqual } from 'node:util';
import { type ErrorDetails, SluiceError } from '../../shared/errors.ts';
import type { PluginProfile, PluginState, PluginStatus } from '../../shared/plugin.ts';
import type { ContainerState } from './containers.ts';
import { type Answer, probe } from './probe.ts';
import { type Program, type RunTimes, SupervisedProcess } from './supervised-process.ts';

/** Milliseconds. */
export interface PluginTimes extends RunTimes {
  /** How long a program may take until something answers on its port. */
  readonly graceMs: number;
  /** Between two questions to what answers, and to what does not. */
  readonly probeMs: number;
  readonly soonMs: number;
}

export interface LivePluginOptions {
  readonly profile: PluginProfile;
  /** For a program that names no folder. */
  readonly folder: string;
  readonly times: PluginTimes;
  /** The program with its secrets in plain. Throws SECRETS_UNREADABLE. */
  readonly program: (profile: PluginProfile) => Program;
  readonly container: (name: string) => ContainerState;
  readonly onStarted: (pid: number, mark: string) => void;
  readonly onEnded: (pid: number) => void;
  readonly onChanged: () => void;
}

/** What the status is made of, besides times. */
interface Finding {
  readonly state: PluginState;
  readonly fault?: SluiceError | undefined;
}

export class LivePlugin {
  readonly process: SupervisedProcess;
  readonly #options: LivePluginOptions;
  #profile: PluginProfile;
  #status: PluginStatus;
  /** Of this run of the program, or of the container. */
  #answer: Answer | undefined;
  #hasAnswered = false;
  #upSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isProbing = false;
  #isStopped = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LivePluginOptions) {
    const { profile, folder, times, onStarted, onEnded } = options;
    this.#options = options;
    this.#profile = profile;
    this.process = new SupervisedProcess({ folder, times, onStarted, onEnded, onChanged: () => this.check() });
    this.#status = { state: 'unknown', since: Date.now(), error: null, retryAt: null, pid: null, restarts: 0 };
  }

  get profile(): PluginProfile {
    return this.#profile;
  }

  get status(): PluginStatus {
    return this.#status;
  }

  /** Begins to look after it, and to run it where that is wanted. */
  start(): void {
    this.#run();
    this.check();
  }

  /** Takes an edited plugin. Resolves when its program runs as it is now, or has ended where it is not to run. */
  replace(profile: PluginProfile, areSecretsNew: boolean): Promise<void> {
    const before = this.#profile;
    this.#profile = profile;
    const isOther = areSecretsNew || !isDeepStrictEqual(before.process, profile.process);
    const isElsewhere = before.kind !== profile.kind || !isDeepStrictEqual(placeOf(before), placeOf(profile));
    if (isOther || isElsewhere) this.#forget();
    return this.#inTurn(async () => {
      if (isOther) {
        await this.process.stop();
        this.#run();
      }
      this.check();
    });
  }

  /** Starts the program again where it is down and would wait. */
  retry(): Promise<void> {
    return this.#inTurn(async () => this.#run());
  }

  /** Ends its program, within `withinMs` where that is given. May be called twice. */
  async stop(withinMs?: number): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    // Not in turn: what goes on may be a stop with more patience than there is now.
    await this.process.stop(withinMs);
    await this.#turn;
  }

  /** Looks at program and container again, and asks soon whether it answers: what was known may be of yesterday. */
  check(): void {
    this.#noteRun();
    this.#settle();
    if (this.#needsProbe) this.#probeIn(0);
  }

  #run(): void {
    const { process, kind } = this.#profile;
    if (this.#isStopped || kind !== 'process' || !process?.enabled) return;
    try {
      this.process.start(this.#options.program(this.#profile));
    } catch (error) {
      this.process.refuse(
        error instanceof SluiceError ? error.message.replace(/\.$/, '') : 'its secrets are not there',
      );
    }
  }

  /** What was heard of an earlier run says nothing of this one. */
  #noteRun(): void {
    const upSince = this.#isUp ? (this.#pidSince ?? this.#upSince ?? Date.now()) : undefined;
    if (upSince === this.#upSince) return;
    this.#forget();
    this.#upSince = upSince;
  }

  #forget(): void {
    this.#answer = undefined;
    this.#hasAnswered = false;
  }

  get #pidSince(): number | undefined {
    return this.process.state.phase === 'running' ? this.process.state.since : undefined;
  }

  /** Whether there is somebody who could answer. */
  get #isUp(): boolean {
    const { kind, container } = this.#profile;
    if (kind === 'process') return this.process.state.phase === 'running';
    if (kind === 'manual' || !container) return true;
    const { kind: state } = this.#options.container(container.name);
    return state === 'running' || state === 'unreachable';
  }

  get #needsProbe(): boolean {
    return !this.#isStopped && this.#isUp && this.#profile.transport === 'tcp';
  }

  #probeIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.#probe(), ms);
  }

  #probe(): void {
    if (this.#isProbing || !this.#needsProbe) return;
    this.#isProbing = true;
    const { probeMs, soonMs } = this.#options.times;
    const place = placeOf(this.#profile);
    const upSince = this.#upSince;
    probe(place, (answer) => {
      this.#isProbing = false;
      // It may be about an address or a run that is gone.
      const isCurrent = upSince === this.#upSince && isDeepStrictEqual(place, placeOf(this.#profile));
      if (isCurrent) {
        this.#answer = answer;
        this.#hasAnswered ||= answer.kind === 'answers';
        this.#settle();
      }
      const nextMs = answer.kind === 'answers' ? probeMs : soonMs;
      if (this.#needsProbe) this.#probeIn(isCurrent ? nextMs : 0);
    });
  }

  #settle(): void {
    if (this.#isStopped) return;
    const { state, fault } = this.#find();
    const before = this.#status;
    const run = this.process.state;
    const isSameFault = fault?.message === before.error?.message;
    const now = Date.now();
    const after: PluginStatus = {
      state,
      since: state === before.state ? before.since : now,
      error: isSameFault ? before.error : (fault?.info(now) ?? null),
      retryAt: run.phase === 'down' ? run.retryAt : null,
      pid: run.phase === 'running' || run.phase === 'stopping' ? run.pid : null,
      restarts: this.process.restarts,
    };
    if (isDeepStrictEqual(before, after)) return;
    this.#status = after;
    this.#options.onChanged();
  }

  #find(): Finding {
    switch (this.#profile.kind) {
      case 'manual':
        return this.#ofAnswer({ state: 'stopped' });
      case 'process':
        return this.#ofProcess();
      case 'docker':
        return this.#ofContainer();
    }
  }

  #ofProcess(): Finding {
    const run = this.process.state;
    switch (run.phase) {
      case 'idle':
        return { state: 'stopped' };
      case 'stopping':
        return { state: 'stopping' };
      case 'running':
        return this.#ofUp();
      case 'down': {
        if (run.kind === 'done') return { state: 'stopped' };
        const details = { reason: run.reason, isFinal: run.retryAt === null };
        return {
          state: 'crashed',
          fault: this.#fault(run.kind === 'crashed' ? 'PLUGIN_CRASHED' : 'PLUGIN_NOT_STARTED', details),
        };
      }
    }
  }

  #ofContainer(): Finding {
    const name = this.#profile.container?.name ?? '';
    const found = this.#options.container(name);
    switch (found.kind) {
      case 'unknown':
        return { state: 'unknown' };
      case 'unreachable':
        return this.#answer?.kind === 'answers' ? { state: 'running' } : { state: 'unknown', fault: found.fault };
      case 'missing':
        return { state: 'stopped', fault: this.#fault('PLUGIN_NO_CONTAINER', { container: name }) };
      case 'stopped':
        return { state: 'stopped' };
      case 'running':
        return this.#ofUp();
    }
  }

  /** Of a program or container that is there: it has some time until it must answer. */
  #ofUp(): Finding {
    if (this.#profile.transport === 'udp') return { state: 'running' };
    const isNew = !this.#hasAnswered && Date.now() - (this.#upSince ?? 0) < this.#options.times.graceMs;
    if (isNew) return { state: 'starting' };
    return this.#ofAnswer(this.#notAnswering('nothing listens there'));
  }

  #ofAnswer(whenRefused: Finding): Finding {
    switch (this.#answer?.kind) {
      case undefined:
        return { state: 'unknown' };
      case 'answers':
        return { state: 'running' };
      case 'refused':
        return whenRefused;
      case 'silent':
        return this.#notAnswering(this.#answer.reason);
    }
  }

  #notAnswering(reason: string): Finding {
    return {
      state: 'not_answering',
      fault: this.#fault('PLUGIN_NOT_ANSWERING', { ...placeOf(this.#profile), reason }),
    };
  }

  #fault(
    code: 'PLUGIN_NOT_ANSWERING' | 'PLUGIN_CRASHED' | 'PLUGIN_NOT_STARTED' | 'PLUGIN_NO_CONTAINER',
    details: ErrorDetails,
  ): SluiceError {
    const { user, plugin, name } = this.#profile;
    return new SluiceError(code, { user, plugin, name, ...details });
  }

  /** One change of life at a time. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

const placeOf = ({ address, port }: PluginProfile) => ({ address, port });
