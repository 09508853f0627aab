/**
 * What shows the page of a portal, seen from the tab around it. A browser has a frame (portal-frame.tsx); the desktop
 * application can give a native view laid over the same area, which knows its address and its history.
 */
import { type ComponentType, createContext, type Ref } from 'react';

export interface PortalViewState {
  /** When the page, or what stands in its place, was last there whole; wall clock milliseconds. */
  readonly loadedAt: number | undefined;
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
  /** Path and query shown now; undefined where the view cannot know. */
  readonly path: string | undefined;
}

export const nothingShown: PortalViewState = {
  loadedAt: undefined,
  canGoBack: false,
  canGoForward: false,
  path: undefined,
};

export interface PortalControls {
  back(): void;
  forward(): void;
  reload(): void;
}

export interface PortalViewProps {
  /** ID of the portal. */
  proxy: string;
  /** For screen readers: `PumpLogic HMI of raspi`. */
  title: string;
  /** Opens the portal once. Another one opens it anew in the same view. */
  url: string;
  /** 1 is the size that the page was made for. */
  zoom: number;
  /** True while the page is one of before and cannot be used. */
  isStale: boolean;
  /** Asks for another {@link url}. */
  onReopen: () => void;
  onState: (state: PortalViewState) => void;
  controls: Ref<PortalControls>;
}

/** How the host of this page shows portals. */
export interface PortalHost {
  readonly View: ComponentType<PortalViewProps>;
  /** What the reload button does. */
  readonly reloadText: string;
  /** Shows a portal in a window of its own, without the frame of Sluice. */
  openWindow(proxy: string, url: string): Promise<void>;
}

export const PortalHostContext = createContext<PortalHost | undefined>(undefined);
