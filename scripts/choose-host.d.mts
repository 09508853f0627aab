/** Types of choose-host.mjs. */
type Environment = Readonly<Record<string, string | undefined>>;

export interface Facts {
  readonly args: readonly string[];
  readonly platform: string;
  readonly env: Environment;
  readonly uid?: number;
}
export function chooseHost(facts: Facts): { readonly host: 'desktop' | 'headless'; readonly why?: string };
export function hasDisplay(platform: string, env: Environment): boolean;
export function reasonLine(why: string): string;
export function headlessArgs(args: readonly string[]): string[];
export function wantsBrowser(args: readonly string[]): boolean;
export function electronBinary(folder: string, platform: string, env: Environment): string;
export function electronPlace(env: Environment): string;
export function electronCache(platform: string, env: Environment, home: string): string;
export function couldNotRun(code: number | null, signal: NodeJS.Signals | null): boolean;
