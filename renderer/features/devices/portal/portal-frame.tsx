/** A portal in a frame, for browsers. The page in it is of another origin: nothing of it can be read from here. */
import { useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useClock } from '../../../api/clock.ts';
import { canStepBack, stepFrame } from '../../../components/location.ts';
import { FrameSteps } from './frame-steps.ts';
import styles from './portal.module.css';
import type { PortalHost, PortalViewProps } from './portal-view.ts';

/**
 * What pages of devices need: scripts, forms, their own cookies and storage, dialogs, downloads. They cannot lead the
 * page of Sluice elsewhere, nor open windows.
 */
const SANDBOX = 'allow-same-origin allow-scripts allow-forms allow-modals allow-downloads';

export const frameHost: PortalHost = {
  View: PortalFrame,
  reloadText: 'Reload from its start page',
  openWindow: async (_proxy, url) => {
    window.open(url, '_blank', 'noopener');
  },
};

function PortalFrame({ title, url, zoom, isStale, onReopen, onState, controls }: PortalViewProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [first] = useState(url);
  const shown = useRef(url);
  const [steps] = useState(() => new FrameSteps(history.length));
  const loadedAt = useRef<number | undefined>(undefined);
  const length = useClock(() => history.length);

  const tell = () =>
    onState({
      loadedAt: loadedAt.current,
      canGoBack: steps.back > 0 && canStepBack(),
      canGoForward: steps.forward > 0,
      path: undefined,
    });
  const latestTell = useRef(tell);
  useEffect(() => {
    latestTell.current = tell;
  });
  useEffect(() => {
    steps.looked(length);
    latestTell.current();
  }, [length, steps]);
  useEffect(() => {
    if (shown.current === url) return;
    shown.current = url;
    steps.reopened();
    frame.current?.contentWindow?.location.replace(url);
  }, [url, steps]);

  const step = (by: 1 | -1) => {
    steps.stepped(by);
    stepFrame(by, () => {
      steps.missed(by);
      latestTell.current();
    });
    tell();
  };
  useImperativeHandle(controls, () => ({ back: () => step(-1), forward: () => step(1), reload: onReopen }));
  return (
    <iframe
      ref={frame}
      className={styles.frame}
      title={title}
      src={first}
      sandbox={SANDBOX}
      allow=""
      referrerPolicy="no-referrer"
      inert={isStale}
      style={{ width: `${100 / zoom}%`, height: `${100 / zoom}%`, transform: zoom === 1 ? 'none' : `scale(${zoom})` }}
      onLoad={() => {
        loadedAt.current = Date.now();
        steps.loaded(history.length);
        tell();
      }}
    />
  );
}
