/** Messages of a protocol, one line each; the chosen one is taken apart in another tab. */
import ToSourceIcon from '@mui/icons-material/ArrowBack';
import ToTargetIcon from '@mui/icons-material/ArrowForward';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { DecodedMessage } from '../../../shared/decoded.ts';
import { formatBytes, formatTime } from '../../components/format.ts';
import styles from './message-list.module.css';

const ROW = 30;

interface MessageListProps {
  messages: readonly DecodedMessage[];
  isFollowing: boolean;
  onFollowing: (isFollowing: boolean) => void;
  onChoose: (message: DecodedMessage) => void;
}

export function MessageList({ messages, isFollowing, onFollowing, onChoose }: MessageListProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: messages.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 20,
  });
  useEffect(() => {
    if (isFollowing && messages.length > 0) virtual.scrollToIndex(messages.length - 1, { align: 'end' });
  }, [isFollowing, messages.length, virtual]);
  return (
    <section
      ref={box}
      className={styles.scroller}
      aria-label="Messages"
      onWheel={(event) => event.deltaY < 0 && onFollowing(false)}
    >
      <ul style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const message = messages[index];
          if (!message) return null;
          const Icon = message.way === 'received' ? ToTargetIcon : ToSourceIcon;
          return (
            <li key={index} className={styles[message.way]} style={{ transform: `translateY(${start}px)` }}>
              <button type="button" onClick={() => onChoose(message)}>
                <Icon titleAccess={message.way === 'received' ? 'to the target' : 'back to the source'} />
                <span className="mono">
                  {formatTime(message.at, true)}.{String(Math.floor(message.at % 1000)).padStart(3, '0')}
                </span>
                <span className={styles.size}>{formatBytes(message.length)}</span>
                <bdi className={message.tone === 'fault' ? styles.fault : styles.title}>{message.title}</bdi>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
