/** The desktop application around the page, as a person or the system meets it. */
import type { DialogLook, WindowLook } from '../../rig/control.ts';

export interface Shell {
  windows(): Promise<Pick<WindowLook, 'isVisible' | 'isFocused' | 'url'>[]>;
  /** What the page of the window shows, whatever became of the page before it; empty while there is none. */
  text(): Promise<string>;
  closeWindow(): Promise<void>;
  minimizeWindow(): Promise<void>;
  /** Makes the renderer crash for real. */
  crashPage(): Promise<void>;
  /** From the menu. Resolves before the application has decided. */
  quit(): Promise<void>;
  /** Waits for the next question, presses the button and gives what it said. */
  answer(button: string): Promise<DialogLook>;
  /** Starts the application once more on the same folder; its exit code. */
  startAgain(...args: string[]): Promise<number | null>;
}
