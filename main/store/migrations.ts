/**
 * Steps from one schema of config.json to the next. Whatever would make an older file invalid or mean something else
 * (a new required field, another name, another unit) needs a step here; nothing else does.
 */

/** A whole document as it was parsed, without its checksum. */
export type RawDocument = Readonly<Record<string, unknown>>;

/** Turns a document of schema n into one of schema n + 1; `schema` itself is set by the caller. */
export type Migration = (document: RawDocument) => RawDocument;

/** Schema 2 knows devices, the hub and upstream connections. What they had as defaults on that day stays written here. */
const addDevices: Migration = (document) => ({
  ...document,
  devices: [],
  settings: {
    ...(document.settings as object),
    account: 'gateway',
    hub: {
      tls: { enabled: true, address: '0.0.0.0', port: 25_206 },
      tcp: { enabled: false, address: '0.0.0.0', port: 25_204 },
      ws: { enabled: false, address: '0.0.0.0', port: 443 },
    },
    agents: [],
  },
});

/** Schema 3 knows plugins, proxies that lead to them, and where portals are served. */
const addPluginsAndPortals: Migration = (document) => ({
  ...document,
  plugins: [],
  settings: { ...(document.settings as object), portals: { address: '127.0.0.1', port: 0 } },
});

/** The step at index 0 leads from schema 1 to schema 2. */
export const migrations: readonly Migration[] = [addDevices, addPluginsAndPortals];

/** The schema that these steps end at. */
export function newestSchema(steps: readonly Migration[]): number {
  return steps.length + 1;
}

/** Takes a document from `schema` to the newest, one step after the other. */
export function migrate(document: RawDocument, schema: number, steps: readonly Migration[]): RawDocument {
  return steps.slice(schema - 1).reduce((older, step) => step(older), document);
}
