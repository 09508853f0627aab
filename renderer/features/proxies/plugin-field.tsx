/** "Target Plugin": a list of the account's plugins with their states to pick from; one that is not there can be typed, or added. */
import AddIcon from '@mui/icons-material/Add';
import Autocomplete from '@mui/material/Autocomplete';
import Button from '@mui/material/Button';
import OutlinedInput from '@mui/material/OutlinedInput';
import { type ReactNode, useId, useRef } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { hostAndPort } from '../../../shared/address.ts';
import type { PluginView } from '../../../shared/plugin.ts';
import { useClock } from '../../api/clock.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { FieldError, FieldRow } from '../../components/form-field.tsx';
import { PluginState } from '../../components/plugin-state.tsx';
import { pluginStateDetail, pluginStateLabel } from '../../components/shown-plugin-state.ts';
import styles from './device-field.module.css';
import type { FormValues } from './form-values.ts';

interface PluginFieldProps {
  onAdd: () => void;
  /** The port. */
  beside: ReactNode;
}

export function PluginField({ onAdd, beside }: PluginFieldProps) {
  const { field, fieldState } = useController<FormValues, 'targetPlugin'>({ name: 'targetPlugin' });
  const { getValues, setValue } = useFormContext<FormValues>();
  const user = useWatch<FormValues, 'targetUser'>({ name: 'targetUser' }).trim();
  const all = useGateway((snapshot) => snapshot.plugins);
  const plugins = [...all.values()].filter((view) => view.user === user);
  const find = (text: string) => plugins.find(({ plugin }) => plugin === text.trim());
  const chosen = find(field.value);
  const portOfPlugin = useRef(chosen && String(chosen.port));
  /** The port follows the plugin, unless somebody chose another one. */
  const choose = (text: string) => {
    const port = getValues('targetPort').trim();
    const isOwn = port === '' || port === portOfPlugin.current;
    const next = find(text);
    field.onChange(text);
    if (next && isOwn) setPort(next);
  };
  const setPort = ({ port }: PluginView) => {
    portOfPlugin.current = String(port);
    setValue('targetPort', String(port), { shouldDirty: true, shouldValidate: true });
  };
  const id = useId();
  const error = fieldState.error?.message;
  return (
    <FieldRow label="Target Plugin" htmlFor={id}>
      <div className={styles.line}>
        <Autocomplete<PluginView, false, true, true>
          id={id}
          freeSolo
          disableClearable
          openOnFocus
          options={plugins}
          inputValue={field.value}
          onInputChange={(_, text) => choose(text)}
          onChange={(_, option) => typeof option === 'object' && setPort(option)}
          onBlur={() => field.value !== '' && field.onBlur()}
          getOptionLabel={(option) => (typeof option === 'string' ? option : option.plugin)}
          filterOptions={(options, { inputValue }) => options.filter((option) => fits(option, inputValue))}
          className={styles.field ?? ''}
          renderOption={({ key, ...props }, option) => (
            <li key={key} {...props} className={`${props.className} ${styles.option}`}>
              <PluginState view={option} />
              <span>
                <b>
                  <bdi>{option.name}</bdi>
                </b>
                <span className={styles.second}>
                  <span className="mono">{option.plugin}</span> · {option.port} · {pluginStateLabel(option)}
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
              placeholder="Target Plugin"
              error={error !== undefined}
              fullWidth
            />
          )}
        />
        {beside}
      </div>
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
      <div className={styles.below}>
        {chosen && <PluginState view={chosen} hasWord />}
        <p className={styles.help} id={`${id}-help`} role="status">
          {chosen ? <ChosenText view={chosen} /> : otherText(field.value.trim(), user, plugins.length)}
        </p>
        {!chosen && (
          <Button variant="text" color="primary" size="small" startIcon={<AddIcon />} onClick={onAdd}>
            Add a plugin…
          </Button>
        )}
      </div>
    </FieldRow>
  );
}

/** Its fault; else where it answers. */
function ChosenText({ view }: { view: PluginView }) {
  const detail = useClock((now) => pluginStateDetail(view, now));
  const { error, state } = view.status;
  if (error) return [detail && `${sentenceOf(detail)}.`, error.message, error.next].filter(Boolean).join(' ');
  if (state === 'stopped') return 'It is not running on this PC. The port stays open, and works when the plugin runs.';
  return `${hostAndPort(view.address, view.port)}${detail && `, ${detail}`}`;
}

const sentenceOf = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function otherText(typed: string, user: string, count: number): string {
  if (typed !== '') return `No plugin ${typed} is registered for ${user || 'this account'} yet. It can be added later.`;
  return count === 0 ? 'No plugin is registered for this account yet.' : 'Pick one of the list, or type its ID.';
}

const fits = ({ plugin, name }: PluginView, text: string): boolean =>
  `${plugin} ${name}`.toLowerCase().includes(text.trim().toLowerCase());
