/** A text field of a form of the settings, tied to its value and its error. */
import type { ReactNode } from 'react';
import { useController } from 'react-hook-form';
import { TextField } from '../../components/form-field.tsx';

interface SettingTextProps<Name extends string> {
  name: Name;
  label: string;
  placeholder?: string;
  help?: ReactNode;
  width?: number;
  isMono?: boolean;
  isBeside?: boolean;
  isMultiline?: boolean;
  isSecret?: boolean;
  disabled?: boolean;
  beside?: ReactNode;
}

export function SettingText<Name extends string>({ name, isMultiline, isSecret, ...look }: SettingTextProps<Name>) {
  const { field, fieldState } = useController<Record<string, string>, string>({ name });
  const { ref, value, onChange, onBlur } = field;
  return (
    <TextField
      {...look}
      name={name}
      value={value}
      onChange={onChange}
      onBlur={onBlur}
      inputRef={ref}
      error={fieldState.error?.message}
      multiline={isMultiline ?? false}
      {...(isSecret && { type: 'password' })}
      {...(isMultiline && { minRows: 3, maxRows: 8 })}
    />
  );
}
