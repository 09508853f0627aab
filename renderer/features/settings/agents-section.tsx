/** The upstream connections: this gateway as a device of other servers, and how each connection does. */
import AddIcon from '@mui/icons-material/Add';
import UpstreamIcon from '@mui/icons-material/CloudUploadOutlined';
import { useState } from 'react';
import type { AgentSetting } from '../../../shared/agent.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { FormSection } from '../../components/form-field.tsx';
import { navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { AgentRow } from './agent-row.tsx';
import styles from './agents-section.module.css';
import { RemoveAgentDialog } from './remove-agent-dialog.tsx';

const none: readonly AgentSetting[] = [];

export function AgentsSection() {
  const agents = useGateway(({ settings }) => settings?.agents ?? none);
  const [removing, setRemoving] = useState<string | undefined>(undefined);
  return (
    <FormSection icon={<UpstreamIcon />} title="Upstream connections">
      <p className={styles.lead}>
        With one, this gateway is itself a device of a Thinger.io server or of another gateway: what its list allows can
        be reached from there.
      </p>
      {agents.length > 0 && (
        <ul className={styles.list}>
          {agents.map((setting) => (
            <AgentRow key={setting.agent} setting={setting} onRemove={() => setRemoving(setting.agent)} />
          ))}
        </ul>
      )}
      <div>
        <MayButton may="settings.update" startIcon={<AddIcon />} onClick={() => navigate('/settings/upstream/add')}>
          Add upstream connection
        </MayButton>
      </div>
      {removing !== undefined && <RemoveAgentDialog agent={removing} onClose={() => setRemoving(undefined)} />}
    </FormSection>
  );
}
