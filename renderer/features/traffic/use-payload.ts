/** Reads what was captured of one pipe, and goes on reading while it is armed. */
import { useEffect, useState } from 'react';
import type { Client } from '../../api/gateway.ts';
import { useClient, useGateway } from '../../api/use-gateway.ts';
import { addPage, noPayload, type Payload } from './payload-list.ts';

/** Read back at first. */
const TAIL_BYTES = 2 * 2 ** 20;
const BEAT_MS = 250;

/**
 * @param pipe  undefined where nothing was captured
 * @param isArmed  a capture that begins anew is read anew
 */
export function usePayload(pipe: string | undefined, capture: string | undefined): Payload {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const [payload, setPayload] = useState(noPayload);
  useEffect(() => {
    setPayload(noPayload);
    if (!isAnswering || pipe === undefined || capture === undefined) return undefined;
    const over = new AbortController();
    read(client, pipe, over.signal, setPayload).catch(() => {
      // The capture was removed, or the gateway is away, which the frame tells.
    });
    return () => over.abort();
  }, [client, isAnswering, pipe, capture]);
  return payload;
}

async function read(
  client: Client,
  pipe: string,
  over: AbortSignal,
  onRead: (update: (payload: Payload) => Payload) => void,
): Promise<void> {
  let from = -TAIL_BYTES;
  while (!over.aborted) {
    const page = await client.captures.payload({ pipe, from });
    if (over.aborted) return;
    from = page.next;
    onRead((payload) => (page.entries.length > 0 || payload.armed !== page.armed ? addPage(payload, page) : payload));
    if (page.atEnd && !page.armed) return;
    if (page.atEnd) await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
  }
}
