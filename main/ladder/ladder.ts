/**
 * The test of a proxy: tries each hop of a config, in the order that a connection would pass them, and says of each
 * whether it works. Takes the way that pipes take, with a connection of its own; changes nothing.
 */
import { isIP } from 'node:net';
import { isLoopback } from '../../shared/address.ts';
import { type CertificateView, GATEWAY_CERTIFICATE } from '../../shared/certificate.ts';
import { asSluiceError, dateText, SluiceError } from '../../shared/errors.ts';
import type { LadderEvent, LadderStep, StepResult } from '../../shared/ladder.ts';
import { deviceOf, type ProxyConfig, transportsOf } from '../../shared/proxy.ts';
import type { Engine } from '../engine/engine.ts';
import type { Target } from '../engine/target.ts';
import { Attempt } from './attempt.ts';
import { firewallHint, wayTo } from './hints.ts';

export interface LadderOptions {
  readonly engine: Engine;
  /** Undefined where there is none. */
  readonly certificate: (certificate: string) => CertificateView | undefined;
  /** A sentence where the clock of this PC is likely wrong. */
  readonly clockDoubt: (nowMs: number) => string | null;
}

export interface Tried {
  readonly config: ProxyConfig;
  /** The profile that is edited: its own port counts as free. */
  readonly proxy?: string | undefined;
}

/** What is said of a step that is good. */
type Words = string | { readonly message: string; readonly next: string };

/** Without a time-out of its own. */
const PATIENCE_MS = 10_000;

export class Ladder {
  readonly #options: LadderOptions;

  constructor(options: LadderOptions) {
    this.#options = options;
  }

  /** Ends early when `signal` aborts. Faults are results; it does not throw. */
  async *run(tried: Tried, signal?: AbortSignal): AsyncGenerator<LadderEvent, void> {
    const plan = planOf(tried.config);
    yield { type: 'plan', plan };
    const { engine } = this.#options;
    const target = engine.targetOf(tried.config);
    using attempt = new Attempt(target, tried.config.limits.connectTimeoutMs || PATIENCE_MS);
    signal?.addEventListener('abort', () => attempt[Symbol.dispose]());
    for (const step of plan) {
      if (signal?.aborted) return;
      const begun = performance.now();
      const outcome = await this.#try(step, tried, target, attempt).catch((error: unknown) => asSluiceError(error));
      const ms = performance.now() - begun;
      const result = resultOf(step, ms, outcome);
      yield { type: 'step', result };
      // The port and what it shows are this side's affair: what is behind is tried all the same.
      if (!result.ok && step !== 'port' && step !== 'certificate') return;
    }
  }

  /** What to say where it is good. Rejects with a SluiceError. */
  async #try(step: LadderStep, { config, proxy }: Tried, target: Target, attempt: Attempt): Promise<Words> {
    const { engine } = this.#options;
    switch (step) {
      case 'port':
        return await this.#tryPort(config, proxy);
      case 'certificate':
        return this.#tryCertificates(config);
      case 'device':
      case 'plugin': {
        const fault = target.hindrance?.();
        if (fault && !isOfTls(fault)) throw fault;
        return step === 'device'
          ? `Device ${config.target.type === 'address' ? config.target.device : ''} is online.`
          : 'The plugin runs.';
      }
      case 'name': {
        const name = config.target.type === 'address' ? config.target.address : '';
        const found = await engine.resolve(name).catch((error: Error) => Promise.reject(target.fault(error)));
        return `${name} is ${found.map(({ address }) => address).join(', ')}.`;
      }
      case 'target':
        return await attempt.reach().catch(async (thrown: unknown) => Promise.reject(await withWay(thrown)));
      case 'tls':
        return await attempt.agree();
      case 'bytes':
        return await attempt.listen();
    }
  }

  async #tryPort({ protocol, source }: ProxyConfig, proxy: string | undefined): Promise<Words> {
    const { port = 0, address } = source;
    const own = proxy === undefined ? {} : { proxy };
    const { engine } = this.#options;
    const fault = await engine.portFault({ address, protocol, port, ...own });
    if (fault) throw fault;
    const message = `Port ${port} can be opened on ${address}.`;
    const isUsed = proxy !== undefined && engine.status(proxy).pipes.total > 0;
    if (isLoopback(address) || isUsed) return message;
    return { message, next: firewallHint(transportsOf(protocol), port) };
  }

  #tryCertificates({ source }: ProxyConfig): string {
    const shown = source.certificate ?? GATEWAY_CERTIFICATE;
    const said = [shown, source.clientCa].flatMap((id) => (id === undefined ? [] : [this.#look(id)]));
    return said.join(' ');
  }

  #look(id: string): string {
    const view = this.#options.certificate(id);
    if (!view && id === GATEWAY_CERTIFICATE) return 'A certificate for this gateway is made when the proxy is saved.';
    if (!view) throw new SluiceError('CERTIFICATE_NOT_FOUND', { certificate: id });
    if (view.state === 'ended' || view.state === 'not_yet') {
      const now = Date.now();
      const { notBefore, notAfter } = view;
      const clock = this.#options.clockDoubt(now) ?? undefined;
      throw new SluiceError('CERTIFICATE_OUT_OF_DATE', { certificate: id, notBefore, notAfter, now, clock });
    }
    if (view.state === 'waiting') {
      throw new SluiceError('CERTIFICATE_UNUSABLE', {
        certificate: id,
        reason: 'it waits for the signature of another CA',
      });
    }
    if (view.kind === 'server' && !view.hasKey) {
      throw new SluiceError('CERTIFICATE_UNUSABLE', { certificate: id, reason: 'its private key is not stored' });
    }
    return `Certificate ${id} is good until ${dateText(view.notAfter)}.`;
  }
}

function planOf(config: ProxyConfig): LadderStep[] {
  const { source, target, protocol } = config;
  const device = deviceOf(config);
  const steps: [LadderStep, boolean][] = [
    ['port', source.port !== undefined],
    ['certificate', source.secure === true],
    ['device', device !== undefined],
    ['plugin', target.type === 'plugin'],
    ['name', target.type === 'address' && !device && isIP(target.address) === 0],
    ['target', protocol !== 'udp'],
    ['tls', target.secure === true && !device],
    ['bytes', protocol !== 'udp'],
  ];
  return steps.flatMap(([step, isWanted]) => (isWanted ? [step] : []));
}

/** The certificate that we show to a target belongs to its TLS. */
const isOfTls = ({ code }: SluiceError): boolean => code.startsWith('CERTIFICATE_') || code.startsWith('TLS_');

/** A target that does not answer may be on a network that this PC does not reach. */
async function withWay(thrown: unknown): Promise<SluiceError> {
  const fault = asSluiceError(thrown);
  const { address } = fault.details;
  if (fault.code !== 'TARGET_TIMEOUT' && fault.code !== 'TARGET_UNREACHABLE') return fault;
  if (typeof address !== 'string') return fault;
  const way = await wayTo(address);
  return new SluiceError(fault.code, { ...fault.details, way }, { cause: fault });
}

function resultOf(step: LadderStep, ms: number, outcome: Words | SluiceError): StepResult {
  if (!(outcome instanceof SluiceError)) {
    const { message, next } = typeof outcome === 'string' ? { message: outcome, next: null } : outcome;
    return { step, ok: true, ms, message, next, code: null, hop: null, details: {} };
  }
  const { code, message, next, hop, details } = outcome.info(Date.now());
  return { step, ok: false, ms, message, next, code, hop, details };
}
