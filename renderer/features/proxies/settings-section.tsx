/** Form part "Proxy Settings": name, ID, description, protocol, enabled. */
import SettingsIcon from '@mui/icons-material/TuneOutlined';
import Switch from '@mui/material/Switch';
import { useId } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { type Protocol, protocols } from '../../../shared/proxy.ts';
import { protocolText } from '../../../shared/sentence.ts';
import { useReader } from '../../api/use-gateway.ts';
import { FieldRow, FormSection } from '../../components/form-field.tsx';
import { proposeId } from '../../components/fresh-id.ts';
import { PipeLine } from '../../components/pipe-line.tsx';
import { FormText } from './form-text.tsx';
import { connectSecondsOf, type FormValues, hasNoPort } from './form-values.ts';
import styles from './settings-section.module.css';

const longText: Partial<Record<Protocol, string>> = { tcp_iotmp: 'TCP over IoTMP', http_iotmp: 'HTTP over IoTMP' };

const uses: Record<Protocol, string> = {
  tcp: 'To an address or plugin',
  udp: 'To an address or plugin',
  'tcp+udp': 'Both, on one port',
  tcp_iotmp: 'Behind a device, any protocol',
  http_iotmp: 'Web page behind a device',
};

export function SettingsSection({ isNew }: { isNew: boolean }) {
  const { getFieldState, setValue, formState } = useFormContext<FormValues>();
  const read = useReader();
  const propose = (name: string) => {
    if (!isNew || getFieldState('proxy', formState).isTouched) return;
    setValue('proxy', proposeId(name, new Set(read().proxies.keys())), { shouldValidate: formState.isSubmitted });
  };
  return (
    <FormSection icon={<SettingsIcon />} title="Proxy Settings">
      <FormText
        name="name"
        label="Proxy name"
        placeholder="Proxy name"
        onTyped={propose}
        beside={
          <FormText
            name="proxy"
            label="Proxy ID"
            placeholder="Enter a proxy id"
            isMono
            isBeside
            disabled={!isNew}
            help={isNew ? undefined : 'Fixed after creation'}
          />
        }
      />
      <FormText name="description" label="Proxy description" placeholder="Optional proxy description" />
      <FormText name="tags" label="Tags" placeholder="water hall-2" />
      <ProtocolCards />
      <EnabledSwitch isNew={isNew} />
    </FormSection>
  );
}

function ProtocolCards() {
  const { field } = useController<FormValues, 'protocol'>({ name: 'protocol' });
  const { getValues, setValue } = useFormContext<FormValues>();
  /** A time that nobody chose follows the protocol: a device needs longer. */
  const choose = (protocol: Protocol) => {
    const isUntouched = getValues('connectSeconds') === connectSecondsOf(field.value);
    field.onChange(protocol);
    if (isUntouched) setValue('connectSeconds', connectSecondsOf(protocol), { shouldDirty: true });
  };
  const labelId = useId();
  return (
    <FieldRow label="Protocol" labelId={labelId}>
      <div className={styles.cards} role="radiogroup" aria-labelledby={labelId}>
        {protocols.map((protocol) => (
          <label key={protocol} className={styles.card}>
            <input
              type="radio"
              name={field.name}
              value={protocol}
              checked={field.value === protocol}
              onChange={() => choose(protocol)}
              className="visually-hidden"
            />
            <span aria-hidden>
              <PipeLine state="listening" protocol={protocol} />
            </span>
            <b>{longText[protocol] ?? protocolText[protocol]}</b>
            <span>{uses[protocol]}</span>
          </label>
        ))}
      </div>
    </FieldRow>
  );
}

function EnabledSwitch({ isNew }: { isNew: boolean }) {
  const { field } = useController<FormValues, 'enabled'>({ name: 'enabled' });
  const id = useId();
  const [protocol, sourcePort] = useWatch<FormValues, ['protocol', 'sourcePort']>({ name: ['protocol', 'sourcePort'] });
  const what = hasNoPort({ protocol, sourcePort }) ? 'portal' : 'port';
  const off = isNew ? `Keeps the ${what} closed until it is enabled` : `Keeps the ${what} closed`;
  const on = isNew ? `Opens the ${what} as soon as it is added` : `The ${what} is open while Sluice runs`;
  return (
    <FieldRow label="Enabled" htmlFor={id}>
      <div className={styles.enabled}>
        <Switch
          checked={field.value}
          onChange={(_, checked) => field.onChange(checked)}
          slotProps={{ input: { id, 'aria-describedby': `${id}-help` } }}
        />
        <span id={`${id}-help`}>{field.value ? on : off}</span>
      </div>
    </FieldRow>
  );
}
