/** One upstream connection: switch, state, where to and as whom, and what is wrong with it. */
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import LockIcon from '@mui/icons-material/Lock';
import OpenLockIcon from '@mui/icons-material/LockOpen';
import IconButton from '@mui/material/IconButton';
import { Link } from 'wouter';
import { hostAndPort } from '../../../shared/address.ts';
import type { AgentSetting, AgentView } from '../../../shared/agent.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { counted } from '../../components/format.ts';
import { MayButton, MaySwitch } from '../../components/may.tsx';
import { changedAgent, useChangeAgents } from './agent-calls.ts';
import { AgentState } from './agent-state.tsx';
import styles from './agents-section.module.css';

export function AgentRow({ setting, onRemove }: { setting: AgentSetting; onRemove: () => void }) {
  const { agent, enabled, host, port, transport, user, device, allow } = setting;
  const view = useGateway(({ agents }) => agents.find((one) => one.agent === agent));
  const change = useChangeAgents();
  return (
    <li className={styles.row}>
      <MaySwitch
        may="settings.update"
        checked={enabled}
        disabled={change.isPending}
        onChange={(_, isOn) => change.mutate(changedAgent(agent, { enabled: isOn }))}
        slotProps={{ input: { 'aria-label': `Enable ${agent}` } }}
      />
      <span className={styles.stateCell}>{view && <AgentState view={view} />}</span>
      <span className={styles.main}>
        <Link href={`/settings/upstream/${agent}/edit`} className={styles.name}>
          {agent}
        </Link>
        <span className={styles.second}>
          {user}/{device} · {allow.length === 0 ? 'allows nothing' : `allows ${counted(allow.length, 'target')}`}
          {view && figures(view)}
        </span>
      </span>
      <span className={styles.address}>
        {hostAndPort(host, port)}
        {transport === 'tcp' ? <OpenLockIcon titleAccess="not encrypted" /> : <LockIcon titleAccess="TLS" />}
      </span>
      <IconButton aria-label={`Remove ${agent}…`} onClick={onRemove}>
        <RemoveIcon />
      </IconButton>
      {view?.error && <AgentFault agent={agent} error={view.error} />}
    </li>
  );
}

function figures({ state, streams, refused }: AgentView): string {
  const parts = [
    state === 'online' && `${counted(streams, 'stream')} open`,
    refused > 0 && `${refused} refused by the list`,
  ];
  return parts
    .filter(Boolean)
    .map((part) => ` · ${part}`)
    .join('');
}

/** The pin is offered with the fingerprint in sight, so that it can be compared with that of the server. */
function AgentFault({ agent, error }: { agent: string; error: NonNullable<AgentView['error']> }) {
  const change = useChangeAgents();
  const { fingerprint } = error.details;
  return (
    <div className={styles.fault}>
      <p>
        {error.message} <span>{error.next}</span> <code>{error.code}</code>
      </p>
      {typeof fingerprint === 'string' && (
        <MayButton
          may="settings.update"
          size="small"
          loading={change.isPending}
          onClick={() => change.mutate(changedAgent(agent, { verify: `pin:${fingerprint}` }))}
        >
          Pin this certificate
        </MayButton>
      )}
    </div>
  );
}
