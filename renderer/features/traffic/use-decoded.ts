/** Follows what a decoder of the gateway makes of the payload of one pipe. */
import { useEffect, useState } from 'react';
import type { Protocol } from '../../../shared/decoded.ts';
import { useClient, useGateway } from '../../api/use-gateway.ts';
import { addMessages, type Decoded, nothingDecoded } from './decoded-list.ts';

/** @param capture  undefined where nothing was captured */
export function useDecoded(pipe: string, capture: string | undefined, protocol: Protocol | 'auto'): Decoded {
  const client = useClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const [decoded, setDecoded] = useState(nothingDecoded);
  useEffect(() => {
    setDecoded(nothingDecoded);
    if (!isAnswering || capture === undefined) return undefined;
    let isOver = false;
    let leave = (): void => {};
    const run = async (): Promise<void> => {
      const parts = await client.captures.decode({ pipe, protocol });
      leave = () => void parts.return?.().catch(() => {});
      if (isOver) leave();
      for await (const part of parts) {
        if (isOver) return;
        setDecoded((before) => addMessages(before, part));
      }
    };
    run().catch((error: unknown) => {
      const failure = error instanceof Error ? error.message : String(error);
      if (!isOver) setDecoded((before) => ({ ...before, failure }));
    });
    return () => {
      isOver = true;
      leave();
    };
  }, [client, isAnswering, pipe, capture, protocol]);
  return decoded;
}
