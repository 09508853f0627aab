/** Types of ensure.mjs, which has to run before TypeScript is there. */
export const root: string;
export const node: string;
export function ensurePackages(): void;
export function ensureBuild(): void;
export function findBrowser(): string | undefined;
export function ensureBrowser(): void;
