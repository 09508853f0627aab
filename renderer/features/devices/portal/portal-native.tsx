/** A portal in a native view of the desktop application, laid over an area of this page. The page only says where. */
import { type ReactNode, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { PortalViewEvent } from '../../../../shared/desktop.ts';
import { failureOf } from '../../../api/failure.ts';
import { isOnDesktop } from '../../../api/host.ts';
import { useDesktopClient } from '../../../api/use-gateway.ts';
import styles from './portal.module.css';
import { PortalLogin } from './portal-login.tsx';
import { PortalTrouble } from './portal-trouble.tsx';
import { type PortalHost, PortalHostContext, type PortalViewProps } from './portal-view.ts';
import { useUncoveredArea } from './uncovered-area.ts';

/** Gives portals native views where this page stands in the desktop application. */
export function NativePortals({ children }: { children: ReactNode }) {
  const client = useDesktopClient();
  const host = useMemo<PortalHost>(
    () => ({
      View: NativeView,
      reloadText: 'Reload',
      openWindow: async (proxy) => {
        await client.portals.openWindow({ proxy });
      },
    }),
    [client],
  );
  return isOnDesktop() ? <PortalHostContext value={host}>{children}</PortalHostContext> : children;
}

type State = Extract<PortalViewEvent, { type: 'state' }>;

/** What is asked of the application goes with the connection; the view goes with it, too. */
const ignore = () => {};

/** Another address opens the portal anew, in a fresh view. */
const NativeView = (props: PortalViewProps) => <OneView key={props.url} {...props} />;

function OneView({ proxy, title, zoom, isStale, onReopen, onState, controls }: PortalViewProps) {
  // Its parts are made anew each time they are asked for.
  const desktop = useDesktopClient();
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<State>();
  const [still, setStill] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const area = useUncoveredArea(place);
  const trouble = failure ?? state?.trouble ?? undefined;
  const isHidden = isStale || trouble !== undefined;
  const act = (action: 'back' | 'forward' | 'reload' | 'focus') => {
    desktop.portals.act({ action }).catch(ignore);
  };
  const latest = useRef(onState);
  useEffect(() => {
    latest.current = onState;
  });

  useEffect(() => {
    const over = new AbortController();
    const follow = async () => {
      for await (const event of await desktop.portals.show({ proxy }, { signal: over.signal })) {
        if (over.signal.aborted) return;
        if (event.type === 'still') setStill(event.image);
        else if (event.type === 'key') press(event.key);
        else {
          setState(event);
          latest.current({
            loadedAt: event.loadedAt ?? undefined,
            canGoBack: event.canGoBack,
            canGoForward: event.canGoForward,
            path: event.path ?? undefined,
          });
        }
      }
    };
    follow().catch((thrown: unknown) => {
      if (!over.signal.aborted) setFailure(failureOf(thrown).message);
    });
    return () => over.abort();
  }, [desktop, proxy]);

  useEffect(() => {
    desktop.portals.place({ area: isHidden ? null : area, zoom }).catch(ignore);
  }, [desktop, area, isHidden, zoom]);
  useEffect(() => {
    const leave = () => {
      desktop.portals.place({ area: null, zoom: 1 }).catch(ignore);
    };
    return leave;
  }, [desktop]);

  useImperativeHandle(controls, () => ({
    back: () => act('back'),
    forward: () => act('forward'),
    reload: () => (trouble === undefined ? act('reload') : onReopen()),
  }));
  return (
    <section
      ref={place}
      className={styles.native}
      aria-label={title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: from here the keyboard goes on into the view
      tabIndex={0}
      onFocus={(event) => {
        if (event.target === event.currentTarget) act('focus');
      }}
    >
      {still !== undefined && trouble === undefined && <img className={styles.still} src={still} alt="" />}
      {trouble !== undefined && <PortalTrouble trouble={trouble} onAgain={onReopen} />}
      {state?.login && (
        <PortalLogin
          realm={state.login.realm}
          onAnswer={(given) => {
            desktop.portals.logIn(given).catch(ignore);
          }}
        />
      )}
    </section>
  );
}

/** Keys that the application kept from the page of the device. */
function press(key: 'search' | 'leave'): void {
  if (key === 'search') document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }));
  else document.querySelector<HTMLElement>('[role=toolbar] button:not(:disabled)')?.focus();
}
