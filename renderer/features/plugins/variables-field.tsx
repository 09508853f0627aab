/** "Environment": variables of the program. Secret values are sealed by the gateway and never shown again. */
import AddIcon from '@mui/icons-material/Add';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import IconButton from '@mui/material/IconButton';
import OutlinedInput from '@mui/material/OutlinedInput';
import { useId } from 'react';
import { Controller, useFieldArray, useFormContext, useFormState, useWatch } from 'react-hook-form';
import { looksSecret } from '../../../shared/plugin.ts';
import { FieldError, FieldRow } from '../../components/form-field.tsx';
import styles from './plugin-form.module.css';
import { type PluginValues, variableOf } from './plugin-values.ts';

export function VariablesField() {
  const { fields, append, remove } = useFieldArray<PluginValues, 'variables'>({ name: 'variables' });
  const { errors } = useFormState<PluginValues>({ name: 'variables' });
  const id = useId();
  const error = errors.variables?.message ?? errors.variables?.root?.message;
  return (
    <FieldRow label="Environment" labelId={id}>
      <fieldset aria-labelledby={id} className={styles.variables}>
        {fields.map((field, index) => (
          <Variable key={field.id} index={index} onRemove={() => remove(index)} />
        ))}
        <Button
          className={styles.addVariable ?? ''}
          startIcon={<AddIcon />}
          onClick={() => append(variableOf(''), { focusName: `variables.${fields.length}.name` })}
        >
          Add variable
        </Button>
      </fieldset>
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </FieldRow>
  );
}

function Variable({ index, onRemove }: { index: number; onRemove: () => void }) {
  const { register, setValue, control } = useFormContext<PluginValues>();
  const at = `variables.${index}` as const;
  const isSecret = useWatch({ control, name: `${at}.isSecret` });
  const isStored = useWatch({ control, name: `${at}.isStored` });
  const name = useWatch({ control, name: `${at}.name` });
  const { ref: nameRef, ...nameField } = register(`${at}.name`, {
    onChange: (event: { target: { value: string } }) => {
      if (looksSecret(event.target.value)) setValue(`${at}.isSecret`, true, { shouldDirty: true });
    },
  });
  const { ref: valueRef, ...valueField } = register(`${at}.value`);
  const number = index + 1;
  const id = useId();
  return (
    <div className={styles.variable}>
      <OutlinedInput
        {...nameField}
        inputRef={nameRef}
        placeholder="NAME"
        inputProps={{ 'aria-label': `Name of variable ${number}`, ...plain }}
      />
      <OutlinedInput
        {...valueField}
        inputRef={valueRef}
        type={isSecret ? 'password' : 'text'}
        placeholder={isSecret && isStored ? 'stored, not shown' : 'value'}
        inputProps={{ 'aria-label': `Value of ${name || `variable ${number}`}`, ...plain }}
      />
      <label className={styles.secret} htmlFor={id}>
        <Controller
          control={control}
          name={`${at}.isSecret`}
          render={({ field }) => (
            <Checkbox
              checked={field.value}
              onChange={(_, checked) => field.onChange(checked)}
              slotProps={{ input: { id, ref: field.ref, 'aria-label': `${name || `Variable ${number}`} is secret` } }}
            />
          )}
        />
        Secret
      </label>
      <IconButton aria-label={`Remove ${name || `variable ${number}`}`} onClick={onRemove}>
        <RemoveIcon />
      </IconButton>
    </div>
  );
}

const plain = { className: 'mono', spellCheck: false, autoComplete: 'off' };
