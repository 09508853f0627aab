/** The page's place is the fragment (`#/proxies`). A form with unsaved changes can hold it until somebody decides. */
import { useEffect, useSyncExternalStore } from 'react';

const pathInAddress = (): string => `/${location.hash.replace(/^#?\/?/, '')}`;

let shown = pathInAddress();
let guard: ((to: string) => void) | undefined;
const listeners = new Set<() => void>();

function show(path: string): void {
  shown = path;
  for (const listener of listeners) listener();
}

/** A step of the page in a frame that is under way, and what to do if it turns out to be one of this page. */
let frameStep: { readonly by: number; readonly onMissed: () => void } | undefined;
const STEP_LIMIT_MS = 1000;

/**
 * Takes the page in a frame one step back (-1) or forward (1). A browser has one history for a page and its frames: where
 * the frame has no such step, this page would move; then it comes back, and `onMissed` is called.
 */
export function stepFrame(by: number, onMissed: () => void): void {
  const step = { by, onMissed };
  frameStep = step;
  setTimeout(() => {
    if (frameStep === step) frameStep = undefined;
  }, STEP_LIMIT_MS);
  history.go(by);
}

/** Whether a step back too much would stay within this page: before its first place may be anything. */
export const canStepBack = (): boolean => window.navigation?.canGoBack ?? false;

/** The browser's own ways (back, an edited address) have moved the address already: put it back while held. */
function onHashChange(): void {
  const to = pathInAddress();
  if (to === shown) return;
  if (frameStep) {
    history.go(-frameStep.by);
    frameStep.onMissed();
    frameStep = undefined;
  } else if (guard) {
    history.pushState(null, '', `#${shown}`);
    guard(to);
  } else show(to);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('hashchange', onHashChange);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('hashchange', onHashChange);
  };
}

export function navigate(to: string, options: { readonly replace?: boolean } = {}): void {
  if (to === shown) return;
  if (guard) {
    guard(to);
  } else {
    history[options.replace ? 'replaceState' : 'pushState'](null, '', `#${to}`);
    show(to);
  }
}

/** For wouter's Router. */
export function useHashLocation(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, () => shown), navigate];
}
useHashLocation.hrefs = (href: string): string => `#${href}`;

/** While `isHeld`, every way out of the page asks `onLeave` instead; closing the tab asks the browser's question. */
export function useLeaveGuard(isHeld: boolean, onLeave: (to: string) => void): void {
  useEffect(() => {
    if (!isHeld) return;
    guard = onLeave;
    const askBrowser = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', askBrowser);
    return () => {
      guard = undefined;
      window.removeEventListener('beforeunload', askBrowser);
    };
  }, [isHeld, onLeave]);
}

/** Leaves in spite of the guard. */
export function leaveTo(path: string): void {
  guard = undefined;
  navigate(path);
}
