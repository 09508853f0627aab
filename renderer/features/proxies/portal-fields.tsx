/** What a portal has besides its target: its name, where it starts, whom the device is told, and its tab. */
import Switch from '@mui/material/Switch';
import { useId } from 'react';
import { useController, useWatch } from 'react-hook-form';
import { FieldRow } from '../../components/form-field.tsx';
import { FormText } from './form-text.tsx';
import type { FormValues } from './form-values.ts';
import styles from './settings-section.module.css';

export function PortalFields() {
  const [name, device] = useWatch<FormValues, ['name', 'targetDevice']>({ name: ['name', 'targetDevice'] });
  return (
    <>
      <FormText
        name="portalName"
        label="Portal name"
        placeholder={name.trim().slice(0, 64) || 'The name of the proxy'}
        help="What its tab is called; left empty, the name of the proxy."
      />
      <FormText name="portalPath" label="Start path" placeholder="/" isMono help="The page it opens with." />
      <FormText
        name="portalHost"
        label="Host header"
        placeholder="That of the target"
        isMono
        help="For devices that answer only to a name of their own."
      />
      <TabSwitch device={device.trim()} />
    </>
  );
}

function TabSwitch({ device }: { device: string }) {
  const { field } = useController<FormValues, 'portalTab'>({ name: 'portalTab' });
  const id = useId();
  return (
    <FieldRow label="Show as tab" htmlFor={id}>
      <div className={styles.enabled}>
        <Switch
          checked={field.value}
          onChange={(_, checked) => field.onChange(checked)}
          slotProps={{ input: { id, 'aria-describedby': `${id}-help` } }}
        />
        <span id={`${id}-help`}>
          {field.value
            ? `A tab on the page of ${device === '' ? 'the device' : device}`
            : 'No tab; opened from the list of proxies or the search'}
        </span>
      </div>
    </FieldRow>
  );
}
