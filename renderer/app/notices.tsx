/** Bars over the page: what a person should know (a restored configuration), a failed call, an engine that is away. */
import ErrorIcon from '@mui/icons-material/Close';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Button from '@mui/material/Button';
import type { ReactNode } from 'react';
import { useCall, useGateway } from '../api/use-gateway.ts';
import { showFailure, useFailure } from './failures.ts';
import styles from './notices.module.css';

export function Notices() {
  const notices = useGateway((snapshot) => snapshot.notices);
  const isAway = useGateway((snapshot) => snapshot.presence === 'away');
  const failure = useFailure();
  const dismiss = useCall((client, _: undefined) => client.gateway.dismissNotices());
  return (
    <div className={styles.notices}>
      {isAway && (
        <Bar kind="warning">
          The engine is not answering. What you see is the last that was known; proxies may still be running. Trying to
          reach it again…
        </Bar>
      )}
      {failure && (
        <Bar kind="fault" code={failure.code} onDismiss={() => showFailure(undefined)}>
          {failure.message} {failure.issues.map((issue) => issue.message).join(' ')} <span>{failure.next}</span>
        </Bar>
      )}
      {notices.map((notice, index) => (
        <Bar
          key={`${notice.code} ${notice.at}`}
          kind="warning"
          code={notice.code}
          onDismiss={index === 0 ? () => dismiss.mutate(undefined) : undefined}
        >
          {notice.message} <span>{notice.next}</span>
        </Bar>
      ))}
    </div>
  );
}

interface BarProps {
  kind: 'warning' | 'fault';
  children: ReactNode;
  code?: string;
  onDismiss?: (() => void) | undefined;
}

function Bar({ kind, children, code, onDismiss }: BarProps) {
  return (
    <div className={`${styles.bar} ${styles[kind]}`} role="alert">
      {kind === 'fault' ? <ErrorIcon /> : <WarningIcon />}
      <p>{children}</p>
      {code && <code>{code}</code>}
      {onDismiss && <Button onClick={onDismiss}>Dismiss</Button>}
    </div>
  );
}
