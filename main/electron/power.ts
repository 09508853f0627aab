/** Keeps the system from going to sleep while pipes are open. The display may go dark. */
import { powerSaveBlocker } from 'electron';

export class PowerGuard {
  #blocker: number | undefined;

  /** @param pipes that are open now */
  follow(pipes: number): void {
    if (pipes === 0) this.close();
    else this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
  }

  /** May be called twice. */
  close(): void {
    if (this.#blocker === undefined) return;
    powerSaveBlocker.stop(this.#blocker);
    this.#blocker = undefined;
  }
}
