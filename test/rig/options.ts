/** What a test decides about the machine that the application finds. Crosses into the rig's process as one variable. */
export interface RigOptions {
  /** The folder with the application's package.json. Default: this project. */
  readonly app?: string;
  /** The main bundle, where it is not the one that package.json names. */
  readonly main?: string;
  readonly isPackaged?: boolean;
  /** DevTools address of a Chromium to use; without one the rig starts its own and ends it. */
  readonly chromium?: string;
  /** The key store of the system. Default `gnome_libsecret`. */
  readonly keyStore?: 'gnome_libsecret' | 'basic_text' | 'unavailable';
}

const VARIABLE = 'SLUICE_RIG';

export const optionsVariable = (options: RigOptions) => ({ [VARIABLE]: JSON.stringify(options) });

export function readOptions(): RigOptions {
  const text = process.env[VARIABLE];
  delete process.env[VARIABLE];
  return text ? (JSON.parse(text) as RigOptions) : {};
}
