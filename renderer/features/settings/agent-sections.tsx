/** The fields of an upstream connection: the server, the login, and what may be reached from there. */
import ServerIcon from '@mui/icons-material/CloudUploadOutlined';
import LoginIcon from '@mui/icons-material/DeveloperBoardOutlined';
import AllowIcon from '@mui/icons-material/RuleOutlined';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useId } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { iotmpPorts } from '../../../shared/agent.ts';
import type { DeviceTransport } from '../../../shared/device.ts';
import { ControlledSwitch } from '../../components/controlled-switch.tsx';
import { ControlledText } from '../../components/controlled-text.tsx';
import { FieldRow, FormSection } from '../../components/form-field.tsx';
import type { AgentField, AgentValues } from './agent-values.ts';
import styles from './settings.module.css';

export function AgentSections({ isNew, hasCredentials }: { isNew: boolean; hasCredentials: boolean }) {
  const transport = useWatch<AgentValues, 'transport'>({ name: 'transport' });
  return (
    <>
      <FormSection icon={<ServerIcon />} title="Server">
        <ControlledText<AgentField>
          name="agent"
          label="ID"
          placeholder="cloud"
          isMono
          width={296}
          disabled={!isNew}
          help={isNew ? 'A name of your choice.' : 'Fixed after creation'}
        />
        <ControlledSwitch<AgentField>
          name="enabled"
          label="Enabled"
          text={(isOn) => (isOn ? 'Connects, and stays connected' : 'Does not connect')}
        />
        <ControlledText<AgentField>
          name="host"
          label="Host"
          placeholder="iot.example.com"
          isMono
          beside={<ControlledText<AgentField> name="port" label="Port" isMono isBeside />}
        />
        <Transport />
        {transport !== 'tcp' && <Verification />}
      </FormSection>
      <FormSection icon={<LoginIcon />} title="Login">
        <ControlledText<AgentField> name="user" label="Username" isMono width={296} />
        <ControlledText<AgentField> name="device" label="Device Id" isMono width={296} />
        <ControlledText<AgentField>
          name="credentials"
          label="Device Credentials"
          placeholder={hasCredentials ? 'stored, not shown' : ''}
          isSecret
          width={296}
          help={
            hasCredentials ? 'Leave it empty to keep what is stored.' : 'Those that were set for this device there.'
          }
        />
      </FormSection>
      <FormSection icon={<AllowIcon />} title="Allowed targets">
        <ControlledText<AgentField>
          name="allow"
          label="Allow"
          placeholder={'127.0.0.1:80\n10.0.0.0/24:502\nplc.local:*'}
          isMono
          isMultiline
          help="One a line: address, network or name, a colon, and a port or *. Everything else is refused; empty refuses all."
        />
      </FormSection>
    </>
  );
}

const transports: Record<DeviceTransport, string> = { tls: 'TLS', tcp: 'Plain TCP', ws: 'WebSocket' };

function Transport() {
  const { field } = useController<AgentValues, 'transport'>({ name: 'transport' });
  const { getValues, setValue } = useFormContext<AgentValues>();
  const id = useId();
  /** The port follows while it is the usual one of the transport before. */
  const choose = (chosen: DeviceTransport) => {
    if (getValues('port').trim() === String(iotmpPorts[field.value])) setValue('port', String(iotmpPorts[chosen]));
    field.onChange(chosen);
  };
  return (
    <FieldRow label="Transport" labelId={id}>
      <ToggleButtonGroup
        exclusive
        aria-labelledby={id}
        className={styles.group}
        value={field.value}
        onChange={(_, chosen: DeviceTransport | null) => chosen && choose(chosen)}
      >
        {(['tls', 'tcp', 'ws'] as const).map((transport) => (
          <ToggleButton key={transport} value={transport}>
            {transports[transport]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {field.value === 'tcp' && (
        <p className={styles.warning}>
          <WarningIcon />
          Credentials and everything that passes can be read and changed on the way.
        </p>
      )}
      {field.value === 'ws' && <p className={styles.help}>Over TLS, at the path /iotmp.</p>}
    </FieldRow>
  );
}

function Verification() {
  const { field } = useController<AgentValues, 'isPinned'>({ name: 'isPinned' });
  const id = useId();
  return (
    <>
      <FieldRow label="Verification" labelId={id}>
        <ToggleButtonGroup
          exclusive
          aria-labelledby={id}
          className={styles.group}
          value={field.value}
          onChange={(_, isPinned: boolean | null) => isPinned !== null && field.onChange(isPinned)}
        >
          <ToggleButton value={false}>Trusted by this PC</ToggleButton>
          <ToggleButton value={true}>This certificate only</ToggleButton>
        </ToggleButtonGroup>
      </FieldRow>
      {field.value && (
        <ControlledText<AgentField>
          name="pin"
          label="Fingerprint"
          placeholder="AB:CD:…"
          isMono
          help="SHA-256 of the server's certificate. Another gateway shows its own under IoTMP hub."
        />
      )}
    </>
  );
}
