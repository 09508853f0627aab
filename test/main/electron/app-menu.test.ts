import { expect, test, vi } from 'vitest';
import { menuTemplate } from '../../../main/electron/app-menu.ts';

vi.mock('electron', () => ({ app: {}, Menu: {} }));

const actions = { open: vi.fn(), stopAll: vi.fn(), quit: vi.fn() };
type Item = ReturnType<typeof menuTemplate>[number];

const linux = { isMac: false, isPackaged: true };

function flat(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

test('leads to pages and actions', () => {
  const items = flat(menuTemplate(actions, linux));
  const choose = (label: string) => {
    const click = items.find((item) => item.label === label)?.click as (() => void) | undefined;
    click?.();
  };
  choose('Add Proxy');
  expect(actions.open).toHaveBeenLastCalledWith('/proxies/add');
  choose('Settings…');
  expect(actions.open).toHaveBeenLastCalledWith('/settings');
  choose('Pause all');
  choose('Resume all');
  expect(actions.stopAll.mock.calls).toEqual([[true], [false]]);
  choose('Quit Sluice');
  expect(actions.quit).toHaveBeenCalledOnce();
});

test('has no developer tools in a package', () => {
  const roles = (isPackaged: boolean) => flat(menuTemplate(actions, { ...linux, isPackaged })).map(({ role }) => role);
  expect(roles(true)).not.toContain('toggleDevTools');
  expect(roles(false)).toContain('toggleDevTools');
});

test('takes no key of the page, and none twice', () => {
  for (const isMac of [false, true]) {
    const keys = flat(menuTemplate(actions, { isMac, isPackaged: false })).flatMap(
      ({ accelerator }) => accelerator ?? [],
    );
    expect(new Set(keys).size).toBe(keys.length);
    // The page's own keys go with Ctrl: search, save, find in payload.
    for (const letter of ['K', 'S', 'F']) expect(keys).not.toContain(`CmdOrCtrl+${letter}`);
    expect(keys).toEqual(expect.arrayContaining(['CmdOrCtrl+,', 'CmdOrCtrl+N', 'CmdOrCtrl+Q']));
  }
});

test('has what macOS expects there only', () => {
  const roles = (isMac: boolean) => flat(menuTemplate(actions, { ...linux, isMac })).map(({ role }) => role);
  expect(roles(true)).toContain('hideOthers');
  expect(roles(false)).not.toContain('hideOthers');
});
