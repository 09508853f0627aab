/** Add or edit an upstream connection: waits for what the form starts from, then shows it. */
import Button from '@mui/material/Button';
import { useState } from 'react';
import { useGateway, useReader } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import { AgentForm } from './agent-form.tsx';
import styles from './settings.module.css';

export function AgentFormPage({ agent }: { agent?: string }) {
  const isKnown = useGateway(({ settings }) => settings !== undefined);
  if (!isKnown) return <p className={styles.waiting}>Waiting for the engine…</p>;
  return <StartedForm agent={agent} />;
}

/** Starts from what is known now: events that come while somebody types change nothing. */
function StartedForm({ agent }: { agent: string | undefined }) {
  const read = useReader();
  const [setting] = useState(() => read().settings?.agents.find((one) => one.agent === agent));
  if (agent === undefined || setting) return <AgentForm setting={setting} />;
  return (
    <div className={styles.waiting}>
      <p>There is no upstream connection {agent}. It may have been removed.</p>
      <Button onClick={() => navigate('/settings')}>Show the settings</Button>
    </div>
  );
}
