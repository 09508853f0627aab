/**
 * The token of this tab. The control token comes once in the address and never stays there; what the gateway gives for it
 * lives as long as the tab.
 */
const KEY = 'sluice.token';

/** Takes `#token=…` out of the address bar and keeps it. True if there was one. */
export function takeTokenFromAddress(): boolean {
  const token = tokenIn(location.hash);
  if (token === undefined) return false;
  sessionStorage.setItem(KEY, token);
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  return true;
}

/** `#token=abc` → `abc`. */
export function tokenIn(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#\/?/, '')).get('token')?.trim();
  return token || undefined;
}

export function keptToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

const SESSION = 'sluice.session';

/** Of a page that was unlocked: shown when it connects again, so that a reload does not lock. */
export function keepSession(session: string): void {
  sessionStorage.setItem(SESSION, session);
}

export function keptSession(): string | undefined {
  return sessionStorage.getItem(SESSION) ?? undefined;
}
