/** Follows the list of pipes while its page is shown. */
import { useEffect, useState } from 'react';
import type { PipeWatchQuery } from '../../../shared/pipe-watch.ts';
import type { Client } from '../../api/gateway.ts';
import { useClient, useGateway } from '../../api/use-gateway.ts';
import { applyPipes, noPipes, type PipeList } from './pipe-list.ts';

export interface FollowedPipes {
  readonly list: PipeList;
  /** True once the gateway has told of them. */
  readonly isKnown: boolean;
  /** What came while the view was paused. */
  readonly news: number;
}

type Wish = Omit<PipeWatchQuery, 'limit'>;

export function usePipes({ proxy, state, peer }: Wish, isPaused: boolean): FollowedPipes {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const [followed, setFollowed] = useState({ list: noPipes, isKnown: false });
  const [shown, setShown] = useState(followed);
  const [news, setNews] = useState(0);
  useEffect(() => {
    if (!isAnswering) return undefined;
    setFollowed({ list: noPipes, isKnown: false });
    const wish = { ...(proxy !== undefined && { proxy }), ...(state && { state }), ...(peer && { peer }) };
    return follow(client, wish, (update, amount) => {
      setFollowed((before) => ({ list: update(before.list), isKnown: true }));
      setNews((count) => count + amount);
    });
  }, [client, isAnswering, proxy, state, peer]);
  if (!isPaused && shown !== followed) setShown(followed);
  if (!isPaused && news > 0) setNews(0);
  return { ...(isPaused ? shown : followed), news };
}

/** Returns the way out. */
function follow(
  client: Client,
  wish: Wish,
  onEvent: (update: (list: PipeList) => PipeList, amount: number) => void,
): () => void {
  let isOver = false;
  let leave = (): void => {};
  const run = async (): Promise<void> => {
    const events = await client.pipes.watch(wish);
    leave = () => void events.return?.().catch(() => {});
    if (isOver) leave();
    for await (const event of events) {
      if (isOver) return;
      onEvent((list) => applyPipes(list, event), event.changed.length);
    }
  };
  // When the gateway goes away, the frame says so, and this begins anew when it is back.
  run().catch(() => {});
  return () => {
    isOver = true;
    leave();
  };
}
