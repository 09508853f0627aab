import { beforeEach, expect, test, vi } from 'vitest';
import { mayQuit } from '../../../main/electron/quit.ts';

const { showMessageBox } = vi.hoisted(() => ({ showMessageBox: vi.fn() }));
vi.mock('electron', () => ({ dialog: { showMessageBox } }));

type Parent = NonNullable<Parameters<typeof mayQuit>[1]>;

const window = { isDestroyed: () => false } as Parent;
beforeEach(() => showMessageBox.mockReset().mockResolvedValue({ response: 1 }));

test('asks nothing where no connection would end', async () => {
  expect(await mayQuit(0, window)).toBe(true);
  expect(showMessageBox).not.toHaveBeenCalled();
});

test('says how many connections end, and the safe answer is the default', async () => {
  expect(await mayQuit(3, window)).toBe(false);
  const [parent, options] = showMessageBox.mock.calls[0] ?? [];
  expect(parent).toBe(window);
  expect(options).toMatchObject({ message: '3 connections are open. Quitting ends them.', defaultId: 1, cancelId: 1 });
  expect(options.buttons[1]).toBe('Keep running in the background');
});

test('quits when that is what was chosen, with or without a window', async () => {
  showMessageBox.mockResolvedValue({ response: 0 });
  expect(await mayQuit(1, undefined)).toBe(true);
  expect(showMessageBox.mock.calls[0]?.[0].message).toBe('1 connection is open. Quitting ends it.');
  const gone = { isDestroyed: () => true } as Parent;
  expect(await mayQuit(1, gone)).toBe(true);
  expect(showMessageBox.mock.calls[1]).toHaveLength(1);
});
