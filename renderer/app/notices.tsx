/** Bars over the page: whose window it is, what a person should know (a restored configuration), a failed call, an engine that is away. */
import ErrorIcon from '@mui/icons-material/Close';
import ServiceIcon from '@mui/icons-material/DnsOutlined';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Button from '@mui/material/Button';
import type { ReactNode } from 'react';
import { useDesktop } from '../api/desktop.ts';
import { useCall, useGateway } from '../api/use-gateway.ts';
import { wishUnlock } from '../components/may.tsx';
import { showFailure, useFailure } from './failures.ts';
import styles from './notices.module.css';

export function Notices() {
  const notices = useGateway((snapshot) => snapshot.notices);
  const isAway = useGateway((snapshot) => snapshot.presence === 'away');
  const failure = useFailure();
  const dismiss = useCall((client, _: undefined) => client.gateway.dismissNotices());
  return (
    <div className={styles.notices}>
      <ServiceBar />
      {isAway && (
        <Bar kind="warning">
          The engine is not answering. What you see is the last that was known; proxies may still be running. It may be
          starting again: this page finds it by itself.
        </Bar>
      )}
      {failure && (
        <Bar kind="fault" code={failure.code} onDismiss={() => showFailure(undefined)}>
          {failure.message} {failure.issues.map((issue) => issue.message).join(' ')} <span>{failure.next}</span>{' '}
          {failure.code === 'FORBIDDEN' && <Button onClick={() => wishUnlock(failure.message)}>Unlock…</Button>}
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

/** Whose window this is, where the gateway is not part of the desktop application. */
function ServiceBar() {
  const service = useDesktop()?.service;
  if (!service) return null;
  return (
    <div className={`${styles.bar} ${styles.calm}`} role="note">
      <ServiceIcon />
      <p>
        This window shows the Sluice service of this PC (data folder <code>{service.folder}</code>). It goes on when the
        window is closed.
      </p>
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
