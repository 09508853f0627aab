/**
 * The preload of the desktop window: hands one MessagePort at a time over to the page that asks for it, and nothing
 * else. No function and no object of Electron reaches the page.
 */
import { ipcRenderer } from 'electron';
import type { PortAnswer, PortRequest } from '../../../shared/desktop.ts';
import { portAnswered, portRequested } from '../channels.ts';

const REQUEST: PortRequest['type'] = 'sluice.port.request';

window.addEventListener('message', (event: MessageEvent<Partial<PortRequest> | null>) => {
  if (event.origin !== window.location.origin || event.data?.type !== REQUEST) return;
  ipcRenderer.send(portRequested, event.data.token);
});

ipcRenderer.on(portAnswered, (event, outcome: PortAnswer['outcome']) => {
  const answer: PortAnswer = { type: 'sluice.port.answer', outcome };
  window.postMessage(answer, window.location.origin, [...event.ports]);
});
