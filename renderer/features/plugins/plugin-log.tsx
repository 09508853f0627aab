/** What the program wrote last, looked at every second. Follows the end until somebody scrolls up. */
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import Button from '@mui/material/Button';
import Switch from '@mui/material/Switch';
import { useQuery } from '@tanstack/react-query';
import { memo, useId, useLayoutEffect, useRef, useState } from 'react';
import type { PluginKey } from '../../../shared/name.ts';
import type { LogLine } from '../../../shared/plugin.ts';
import { failureOf } from '../../api/failure.ts';
import { useClient, useGateway } from '../../api/use-gateway.ts';
import { copyText } from '../../components/copy-text.ts';
import { formatExact, formatTime } from '../../components/format.ts';
import { logText } from './log-text.ts';
import styles from './plugin-page.module.css';

const AGAIN_MS = 1000;
/** More are only copied. */
const MOST_SHOWN = 1000;
/** So near the end, px, still counts as there. */
const NEAR = 24;

export function PluginLog({ user, plugin }: PluginKey) {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const { data: lines, error } = useQuery({
    queryKey: ['plugin log', user, plugin],
    queryFn: () => client.plugins.log({ user, plugin }),
    enabled: isAnswering,
    refetchInterval: AGAIN_MS,
    gcTime: 0,
  });
  const [isFollowing, setFollowing] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines move the end
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current && isFollowing) current.scrollTop = current.scrollHeight;
  }, [lines, isFollowing]);
  const titleId = useId();
  const switchId = useId();
  const all = lines ?? [];
  const hidden = Math.max(0, all.length - MOST_SHOWN);
  return (
    <section className={styles.log} aria-labelledby={titleId}>
      <div className={styles.logHead}>
        <h2 id={titleId}>Last lines</h2>
        <span className="space" />
        <label htmlFor={switchId} className={styles.follow}>
          Follow
          <Switch
            checked={isFollowing}
            onChange={(_, checked) => setFollowing(checked)}
            slotProps={{ input: { id: switchId } }}
          />
        </label>
        <Button
          startIcon={<CopyIcon />}
          disabled={all.length === 0}
          onClick={() => copyText(logText(all)).catch(reportError)}
        >
          Copy
        </Button>
      </div>
      <div
        ref={scroller}
        className={styles.lines}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="What the program wrote last"
        onScroll={({ currentTarget: at }) => {
          setFollowing(at.scrollHeight - at.scrollTop - at.clientHeight < NEAR);
        }}
      >
        {error && <p>{failureOf(error).message}</p>}
        {lines && all.length === 0 && <p>It has written nothing yet.</p>}
        {hidden > 0 && <p>{hidden} earlier lines are not shown; Copy takes them too.</p>}
        {all.slice(hidden).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
          <Line key={index} {...line} />
        ))}
      </div>
    </section>
  );
}

const Line = memo(function Line({ at, from, text }: LogLine) {
  return (
    <div className={`${styles.line} ${styles[from]}`}>
      <time title={formatExact(at)}>{formatTime(at, true)}</time>
      <bdi>{text}</bdi>
    </div>
  );
});
