/** How the containers of plugins do: asked once, then again at each event of Docker, and only while a plugin needs it. */
import { setTimeout as delay } from 'node:timers/promises';
import { asSluiceError, SluiceError } from '../../shared/errors.ts';
import type { ContainerView } from '../../shared/plugin.ts';
import type { DockerApi } from './docker-api.ts';

export type ContainerState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreachable'; readonly fault: SluiceError }
  | { readonly kind: 'missing' }
  | { readonly kind: 'running' }
  | { readonly kind: 'stopped' };

export interface ContainersOptions {
  readonly docker: DockerApi;
  /** How long to wait before Docker is asked again after it could not be reached. */
  readonly retryMs: number;
  /** Any of them may be in another state. */
  readonly onChanged: () => void;
}

export class Containers {
  readonly #options: ContainersOptions;
  #known: ReadonlyMap<string, ContainerView> | undefined;
  #fault: SluiceError | undefined;
  #watch: AbortController | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(options: ContainersOptions) {
    this.#options = options;
  }

  /** As it was when Docker was last asked. */
  state(name: string): ContainerState {
    if (this.#fault) return { kind: 'unreachable', fault: this.#fault };
    if (!this.#known) return { kind: 'unknown' };
    const found = this.#known.get(name);
    if (!found) return { kind: 'missing' };
    return { kind: found.state === 'running' ? 'running' : 'stopped' };
  }

  /** Those with ports on this PC. Throws DOCKER_UNREACHABLE. */
  async list(): Promise<ContainerView[]> {
    return (await this.#options.docker.containers()).filter(({ ports }) => ports.length > 0);
  }

  /** Begins to follow them, or stops to. */
  follow(isNeeded: boolean): void {
    if (isNeeded === (this.#watch !== undefined)) return;
    if (!isNeeded) {
      this.#end();
      return;
    }
    this.#watch = new AbortController();
    const { signal } = this.#watch;
    this.#done = this.#done.then(() => this.#run(signal));
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    this.#end();
    await this.#done;
  }

  #end(): void {
    this.#watch?.abort();
    this.#watch = undefined;
    this.#known = undefined;
    this.#fault = undefined;
  }

  /** Never rejects; ends when `signal` aborts. */
  async #run(signal: AbortSignal): Promise<void> {
    const { docker, retryMs } = this.#options;
    while (!signal.aborted) {
      try {
        for await (const _change of docker.changes(signal)) this.#note(signal, await docker.containers());
      } catch (error) {
        this.#note(signal, asSluiceError(error));
      }
      await delay(retryMs, undefined, { signal }).catch(() => {});
    }
  }

  #note(signal: AbortSignal, found: readonly ContainerView[] | SluiceError): void {
    if (signal.aborted) return;
    this.#fault = found instanceof SluiceError ? found : undefined;
    this.#known = found instanceof SluiceError ? undefined : new Map(found.map((one) => [one.name, one]));
    this.#options.onChanged();
  }
}
