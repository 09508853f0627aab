/** What Electron offers, read from its own declarations: modules of each process, members, events, and names of roles. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Type {
  readonly members: Set<string>;
  readonly statics: Set<string>;
  readonly events: Set<string>;
  readonly isEmitter: boolean;
  readonly base: string | undefined;
}

export interface Surface {
  /** Classes and interfaces by name. */
  readonly types: ReadonlyMap<string, Type>;
  /** What a process can import from `electron`. */
  readonly exports: { readonly main: ReadonlySet<string>; readonly renderer: ReadonlySet<string> };
  /** What `role` of a menu item can be. */
  readonly roles: ReadonlySet<string>;
}

const emitterMembers = [
  ...['on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners', 'prependListener', 'emit'],
  ...['prependOnceListener', 'listeners', 'rawListeners', 'listenerCount', 'eventNames', 'setMaxListeners'],
  'getMaxListeners',
];

export const declarations: string = createRequire(import.meta.url).resolve('electron/electron.d.ts');

/** The declarations are generated, one member a line: no compiler is needed to read them. */
export function readSurface(text: string = readFileSync(declarations, 'utf8')): Surface {
  const types = new Map<string, Type>();
  const spaces = new Map<string, Set<string>>();
  let type: Type | undefined;
  let names: Set<string> | undefined;
  for (const line of text.split('\n')) {
    const [, opened, base] = /^ {2}(?:class|interface) (\w+)(?: extends ([\w.]+))?/.exec(line) ?? [];
    const space = /^ {2}namespace (\w+)/.exec(line)?.[1];
    if (opened) {
      const isEmitter = base === 'NodeJS.EventEmitter' || base === 'NodeEventEmitter';
      type = types.get(opened) ?? { members: new Set(), statics: new Set(), events: new Set(), isEmitter, base };
      types.set(opened, type);
    } else if (space) {
      names = new Set();
      spaces.set(space, names);
    } else if (/^ {2}\}/.test(line)) {
      type = undefined;
      names = undefined;
    } else if (type) {
      const event = /^ {4}on\(event: '([^']+)'/.exec(line)?.[1];
      const [, isStatic, member] = /^ {4}(static )?(?:readonly )?(?:(?:get|set) )?'?(\w+)'?\??[(:<]/.exec(line) ?? [];
      if (event) type.events.add(event);
      else if (member) (isStatic ? type.statics : type.members).add(member);
    } else if (names) {
      const name = /^ {4}(?:const|class) (\w+)/.exec(line)?.[1];
      if (name) names.add(name);
    }
  }
  const exportsOf = (space: string) => new Set([...(spaces.get('Common') ?? []), ...(spaces.get(space) ?? [])]);
  const roles = /^ {4}role\?: \((.*)\);$/m.exec(text)?.[1]?.matchAll(/'(\w+)'/g) ?? [];
  return {
    types,
    exports: { main: exportsOf('Main'), renderer: exportsOf('Renderer') },
    roles: new Set([...roles].map(([, role]) => role ?? '')),
  };
}

export const surface: Surface = readSurface();

function family(name: string, of: Surface): Type[] {
  const type = of.types.get(name);
  if (!type) return [];
  return [type, ...(type.base ? family(type.base, of) : [])];
}

export const hasMember = (type: string, member: string, of: Surface = surface): boolean =>
  family(type, of).some((one) => one.members.has(member)) || (isEmitter(type, of) && emitterMembers.includes(member));

export const hasStatic = (type: string, member: string, of: Surface = surface): boolean =>
  family(type, of).some((one) => one.statics.has(member));

export const hasEvent = (type: string, event: string, of: Surface = surface): boolean =>
  family(type, of).some((one) => one.events.has(event));

const isEmitter = (type: string, of: Surface): boolean => family(type, of).some((one) => one.isEmitter);
