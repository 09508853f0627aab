/** Form part "Container": one of those that Docker has, or the name of one that is still to be made. */
import ContainerIcon from '@mui/icons-material/Inventory2Outlined';
import Autocomplete from '@mui/material/Autocomplete';
import OutlinedInput from '@mui/material/OutlinedInput';
import { useId } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import type { ContainerView } from '../../../shared/plugin.ts';
import { failureOf } from '../../api/failure.ts';
import { useReader } from '../../api/use-gateway.ts';
import { FieldError, FieldRow, FormSection } from '../../components/form-field.tsx';
import { proposeId } from '../../components/fresh-id.ts';
import { type KnownContainers, publishedOf, useContainers } from './containers.ts';
import styles from './plugin-form.module.css';
import type { PluginValues } from './plugin-values.ts';

export function ContainerSection({ isNew }: { isNew: boolean }) {
  const { field, fieldState } = useController<PluginValues, 'container'>({ name: 'container' });
  const { getValues, setValue } = useFormContext<PluginValues>();
  const read = useReader();
  const known = useContainers();
  const id = useId();
  const error = fieldState.error?.message;
  const pick = (container: ContainerView) => {
    const change: Partial<PluginValues> = {};
    const place = publishedOf(container);
    if (place) Object.assign(change, place, { port: String(place.port) });
    if (isNew && getValues('name').trim() === '') {
      const taken = new Set([...read().plugins.values()].map(({ plugin }) => plugin));
      Object.assign(change, { name: container.name, plugin: proposeId(container.name, taken) });
    }
    for (const [name, value] of Object.entries(change) as [keyof PluginValues, string][]) {
      setValue(name, value, { shouldDirty: true, shouldValidate: true });
    }
  };
  return (
    <FormSection icon={<ContainerIcon />} title="Container">
      <FieldRow label="Container name" htmlFor={id}>
        <Autocomplete<ContainerView, false, true, true>
          id={id}
          freeSolo
          disableClearable
          options={[...known.containers]}
          inputValue={field.value}
          onInputChange={(_, text) => field.onChange(text)}
          onChange={(_, chosen) => typeof chosen === 'object' && pick(chosen)}
          onBlur={() => field.value !== '' && field.onBlur()}
          getOptionLabel={(option) => (typeof option === 'string' ? option : option.name)}
          filterOptions={(options, { inputValue }) =>
            options.filter(({ name, image }) => `${name} ${image}`.toLowerCase().includes(inputValue.toLowerCase()))
          }
          className={styles.container ?? ''}
          renderOption={({ key, ...props }, option) => (
            <li key={key} {...props}>
              <span>
                <b>
                  <bdi>{option.name}</bdi>
                </b>
                <span className={styles.second}>
                  <bdi>{option.image}</bdi> · {option.state} · {option.ports.map(({ port }) => port).join(', ')}
                </span>
              </span>
            </li>
          )}
          renderInput={({ id: inputId, slotProps }) => (
            <OutlinedInput
              {...slotProps.input}
              id={inputId}
              inputProps={{
                ...slotProps.htmlInput,
                className: `${slotProps.htmlInput.className} mono`,
                spellCheck: false,
                'aria-describedby': error ? `${id}-error` : `${id}-help`,
              }}
              inputRef={field.ref}
              name={field.name}
              placeholder="Container name"
              error={error !== undefined}
              fullWidth
            />
          )}
        />
        {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
        <p className={styles.help} id={`${id}-help`} role="status">
          {helpText(known)}
        </p>
      </FieldRow>
    </FormSection>
  );
}

function helpText({ containers, error, isKnown }: KnownContainers): string {
  if (!isKnown) return 'Asking Docker…';
  if (error) {
    const { message, next } = failureOf(error);
    return `${message} ${next}`;
  }
  return containers.length === 0
    ? 'Docker has no container with a port on this PC. Type the name of one that is to come.'
    : 'Pick one of the list, or type the name of one that is to come.';
}
