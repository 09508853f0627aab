/** A switch of a form, with the words beside it. */
import Switch from '@mui/material/Switch';
import { type ReactNode, useId } from 'react';
import { useController } from 'react-hook-form';
import styles from './controlled-switch.module.css';
import { FieldRow } from './form-field.tsx';

interface ControlledSwitchProps<Name extends string> {
  name: Name;
  label: string;
  /** What stands beside the switch, by its position. */
  text: (isOn: boolean) => string;
  /** Further controls under it. */
  children?: ReactNode;
}

export function ControlledSwitch<Name extends string>({ name, label, text, children }: ControlledSwitchProps<Name>) {
  const { field } = useController<Record<string, boolean>, string>({ name });
  const id = useId();
  return (
    <FieldRow label={label} htmlFor={id}>
      <div className={styles.switch}>
        <Switch
          checked={field.value === true}
          onChange={(_, checked) => field.onChange(checked)}
          onBlur={field.onBlur}
          slotProps={{ input: { id, ref: field.ref, 'aria-describedby': `${id}-help` } }}
        />
        <span id={`${id}-help`}>{text(field.value === true)}</span>
      </div>
      {children}
    </FieldRow>
  );
}
