/** Asks before open connections are ended. */
import { type BrowserWindow, dialog } from 'electron';

/** @returns false to keep running. Asks nothing where no pipe is open. */
export async function mayQuit(pipes: number, window: BrowserWindow | undefined): Promise<boolean> {
  if (pipes === 0) return true;
  const options = {
    type: 'question' as const,
    title: 'Quit Sluice',
    message:
      pipes === 1 ? '1 connection is open. Quitting ends it.' : `${pipes} connections are open. Quitting ends them.`,
    detail: 'Sluice can keep running in the background, without its window.',
    buttons: ['Quit', 'Keep running in the background'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  };
  const isThere = window && !window.isDestroyed();
  const { response } = await (isThere ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
  return response === 0;
}
