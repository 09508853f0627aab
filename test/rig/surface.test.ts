import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { desk } from './desk.ts';
import * as standIn from './electron.ts';
import { declarations, hasEvent, hasMember, hasStatic, readSurface, surface } from './surface.ts';

/** The same by the compiler: types by name with their members, static members and events. */
function byCompiler(): Map<string, { members: Set<string>; statics: Set<string>; events: Set<string> }> {
  const types = new Map<string, { members: Set<string>; statics: Set<string>; events: Set<string> }>();
  const source = ts.createSourceFile('electron.d.ts', readFileSync(declarations, 'utf8'), ts.ScriptTarget.Latest);
  const body = source.statements.find(
    (one): one is ts.ModuleDeclaration => ts.isModuleDeclaration(one) && one.name.text === 'Electron',
  )?.body;
  if (!body || !ts.isModuleBlock(body)) throw new Error('electron.d.ts looks different.');
  for (const type of body.statements) {
    if (!ts.isInterfaceDeclaration(type) && !ts.isClassDeclaration(type)) continue;
    const name = type.name?.text ?? '';
    const found = types.get(name) ?? { members: new Set(), statics: new Set(), events: new Set() };
    types.set(name, found);
    for (const member of type.members) {
      if (!member.name) continue;
      const isStatic =
        ts.canHaveModifiers(member) && member.modifiers?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword);
      const key = ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : '';
      const event = (ts.isMethodSignature(member) || ts.isMethodDeclaration(member)) && member.parameters[0]?.type;
      const isEvent = event && ts.isLiteralTypeNode(event) && ts.isStringLiteral(event.literal);
      if (isEvent && key === 'on') found.events.add(event.literal.text);
      else if (!isEvent) (isStatic ? found.statics : found.members).add(key);
    }
  }
  return types;
}

describe('the surface of Electron', () => {
  it('is read from its declarations as the compiler reads them', () => {
    const expected = byCompiler();
    expect(expected.size).toBeGreaterThan(300);
    for (const [name, type] of expected) {
      const found = surface.types.get(name);
      const { members, statics, events } = type;
      const emitter = new Set([
        'constructor',
        'on',
        'off',
        'once',
        'addListener',
        'removeListener',
        'emit',
        'prependListener',
      ]);
      const sorted = (names: Iterable<string> = []) => [...names].filter((one) => !emitter.has(one)).sort();
      expect.soft({ name, members: sorted(found?.members) }).toEqual({ name, members: sorted(members) });
      expect.soft({ name, statics: sorted(found?.statics) }).toEqual({ name, statics: sorted(statics) });
      expect.soft({ name, events: sorted(found?.events) }).toEqual({ name, events: sorted(events) });
    }
  });

  it('knows processes, inheritance and roles', () => {
    expect(surface.exports.main.has('BrowserWindow')).toBe(true);
    expect(surface.exports.main.has('ipcRenderer')).toBe(false);
    expect([...surface.exports.renderer]).toEqual(expect.arrayContaining(['contextBridge', 'ipcRenderer', 'webFrame']));
    expect(hasMember('BrowserWindow', 'getBounds')).toBe(true);
    expect(hasEvent('BrowserWindow', 'closed')).toBe(true);
    expect(hasStatic('BrowserWindow', 'getAllWindows')).toBe(true);
    expect(hasMember('App', 'removeAllListeners')).toBe(true);
    expect(surface.roles.has('zoomIn')).toBe(true);
    expect(readSurface('declare namespace Electron {\n}').types.size).toBe(0);
  });
});

describe('the stand-in', () => {
  const { default: electron, ...named } = standIn;

  it('exports nothing that Electron lacks', () => {
    expect(Object.keys(named).filter((name) => !surface.exports.main.has(name))).toEqual([]);
    expect(Object.keys(electron).sort()).toEqual(Object.keys(named).sort());
  });

  it('throws with the name for what Electron lacks, and for what it does not stand in for', () => {
    desk.faults.length = 0;
    const loose = named as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>;
    expect(() => loose.app?.setNaem).toThrow('electron.d.ts knows no app.setNaem.');
    expect(() => loose.app?.on?.('redy', () => {})).toThrow("electron.d.ts knows no event 'redy' of app.");
    expect(() => loose.BrowserWindow?.getAll).toThrow('electron.d.ts knows no BrowserWindow.getAll.');
    expect(() => loose.app?.setJumpList).toThrow('The rig does not stand in for app.setJumpList yet.');
    expect(() => (electron as unknown as Record<string, unknown>).autoUpdatre).toThrow('electron.autoUpdatre');
    // Not even what the rig itself uses behind them.
    expect(() => loose.app?.becomeReady).toThrow('electron.d.ts knows no app.becomeReady.');
    expect(desk.faults).toHaveLength(6);
  });

  it('has an icon, a menu and a message that look like those of Electron', () => {
    expect(() => standIn.nativeImage.createFromPath('/nowhere.png')).toThrow('There is no image at /nowhere.png');
    expect(() => new standIn.Tray(standIn.nativeImage.createEmpty())).toThrow('without a picture');
    const build = (item: object) => () => standIn.Menu.buildFromTemplate([item]);
    expect(build({ role: 'zoomin' })).toThrow("no role 'zoomin'");
    expect(build({ label: 'x', accelerator: 'Ctlr+X' })).toThrow("No key is 'Ctlr+X'");
    expect(build({ label: 'x', clcik: () => {} })).toThrow('no option clcik of MenuItemConstructorOptions');
    expect(build({ label: 'x', accelerator: 'CmdOrCtrl+,' })).not.toThrow();
    expect(() => standIn.dialog.showMessageBox({ message: '', buttons: ['One'], defaultId: 1 } as object)).toThrow(
      'no button 1',
    );
  });
});
