/** Where devices connect to: the three doors of the hub with their state, the account, the certificate. */
import FreeIcon from '@mui/icons-material/Check';
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import DeviceIcon from '@mui/icons-material/DeveloperBoardOutlined';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import IconButton from '@mui/material/IconButton';
import OutlinedInput from '@mui/material/OutlinedInput';
import { Fragment, useId } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { hostAndPort } from '../../../shared/address.ts';
import { type DeviceTransport, deviceTransports } from '../../../shared/device.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { ControlledSwitch } from '../../components/controlled-switch.tsx';
import { ControlledText } from '../../components/controlled-text.tsx';
import { copyText } from '../../components/copy-text.ts';
import { FieldError, FieldRow, FormSection } from '../../components/form-field.tsx';
import { SettingAddress } from './setting-address.tsx';
import styles from './settings.module.css';
import type { SettingsField, SettingsValues } from './settings-values.ts';

const doors: Record<DeviceTransport, { readonly title: string; readonly on: string; readonly off: string }> = {
  tls: { title: 'TLS', on: 'Devices connect here, encrypted', off: 'Off. Devices use this door unless told otherwise' },
  tcp: { title: 'Plain TCP', on: 'For devices without TLS', off: 'Off. Only for devices without TLS' },
  ws: {
    title: 'WebSocket',
    on: 'Over TLS, at the path /iotmp',
    off: 'Off. For devices behind a firewall that lets only web pages through',
  },
};

export function HubSection() {
  return (
    <FormSection icon={<DeviceIcon />} title="IoTMP hub">
      <ControlledText<SettingsField>
        name="account"
        label="Username"
        isMono
        width={296}
        help="The account that new devices and proxies propose."
      />
      {deviceTransports.map((transport) => (
        <Door key={transport} transport={transport} />
      ))}
      <Fingerprint />
    </FormSection>
  );
}

function Door({ transport }: { transport: DeviceTransport }) {
  const { title, on, off } = doors[transport];
  const isOn = useWatch<SettingsValues, `${DeviceTransport}Enabled`>({ name: `${transport}Enabled` });
  const id = useId();
  return (
    <ControlledSwitch<SettingsField> name={`${transport}Enabled`} label={title} text={(value) => (value ? on : off)}>
      {isOn && (
        <div className={styles.door}>
          <div className={styles.where}>
            <PortField name={`${transport}Port`} title={title} />
            <span className="visually-hidden" id={id}>
              Listen address of {title}
            </span>
            <SettingAddress name={`${transport}Address`} labelledBy={id} />
          </div>
          {transport === 'tcp' && (
            <p className={styles.warning}>
              <WarningIcon />
              Credentials and everything that passes can be read and changed on the way.
            </p>
          )}
        </div>
      )}
      <DoorState transport={transport} isOn={isOn} />
    </ControlledSwitch>
  );
}

function PortField({ name, title }: { name: `${DeviceTransport}Port`; title: string }) {
  const { field, fieldState } = useController<SettingsValues, typeof name>({ name });
  const { ref, ...rest } = field;
  const id = useId();
  const error = fieldState.error?.message;
  return (
    <div className={styles.port}>
      <OutlinedInput
        {...rest}
        inputRef={ref}
        error={error !== undefined}
        inputProps={{
          'aria-label': `Port of ${title}`,
          'aria-describedby': error === undefined ? undefined : id,
          className: 'mono',
          inputMode: 'numeric',
          autoComplete: 'off',
        }}
      />
      {error !== undefined && <FieldError id={id}>{error}</FieldError>}
    </div>
  );
}

/** What the running hub says of the door as it was saved; nothing while the form says otherwise. */
function DoorState({ transport, isOn }: { transport: DeviceTransport; isOn: boolean }) {
  const listener = useGateway(({ hub }) => hub.listeners.find((one) => one.transport === transport));
  const { dirtyFields } = useFormContext<SettingsValues>().formState;
  const isChanged = [`${transport}Enabled`, `${transport}Port`, `${transport}Address`].some(
    (name) => dirtyFields[name as SettingsField],
  );
  const id = useId();
  if (!listener || !isOn || isChanged || listener.state === 'off') return null;
  if (listener.state === 'fault') {
    const { message, next, code } = listener.error ?? { message: 'This port could not be opened.', next: '', code: '' };
    return (
      <FieldError id={id}>
        <span>
          {message} {next} It is tried again by itself. <code>{code}</code>
        </span>
      </FieldError>
    );
  }
  return (
    <p className={styles.well}>
      <FreeIcon />
      Listening on <code>{hostAndPort(listener.address, listener.port)}</code>
    </p>
  );
}

function Fingerprint() {
  const fingerprint = useGateway(({ hub }) => hub.fingerprint);
  return (
    <FieldRow label="Certificate">
      <div className={styles.fingerprint}>
        {fingerprint === null ? (
          'Made when the hub first opens a door with TLS.'
        ) : (
          <code>
            {fingerprint.split(':').map((pair, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: pairs have no other name, and never change their place
              <Fragment key={index}>
                {index > 0 && ':'}
                <wbr />
                {pair}
              </Fragment>
            ))}
          </code>
        )}
        {fingerprint !== null && (
          <IconButton aria-label="Copy the fingerprint" onClick={() => copyText(fingerprint).catch(reportError)}>
            <CopyIcon />
          </IconButton>
        )}
      </div>
      <p className={styles.help}>SHA-256 of what the hub shows on TLS. Another gateway can pin it.</p>
    </FieldRow>
  );
}
