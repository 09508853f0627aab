/** "Target Device": a list of the account's devices with their state to pick from; a name that is not there can be typed. */
import Autocomplete from '@mui/material/Autocomplete';
import OutlinedInput from '@mui/material/OutlinedInput';
import { useId } from 'react';
import { useController, useWatch } from 'react-hook-form';
import type { DeviceView } from '../../../shared/device.ts';
import { useClock } from '../../api/clock.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { DeviceState } from '../../components/device-state.tsx';
import { FieldError, FieldRow } from '../../components/form-field.tsx';
import { formatActivity } from '../../components/format.ts';
import styles from './device-field.module.css';
import { type FormValues, hasNoPort } from './form-values.ts';

export function DeviceField() {
  const { field, fieldState } = useController<FormValues, 'targetDevice'>({ name: 'targetDevice' });
  const [account, protocol, sourcePort] = useWatch<FormValues, ['targetUser', 'protocol', 'sourcePort']>({
    name: ['targetUser', 'protocol', 'sourcePort'],
  });
  const user = account.trim();
  const way = hasNoPort({ protocol, sourcePort }) ? 'portal' : 'port';
  const all = useGateway((snapshot) => snapshot.devices);
  const devices = [...all.values()].filter((view) => view.user === user);
  const chosen = devices.find(({ device }) => device === field.value.trim());
  const id = useId();
  const error = fieldState.error?.message;
  return (
    <FieldRow label="Target Device" htmlFor={id}>
      <div className={styles.line}>
        <Autocomplete<DeviceView, false, true, true>
          id={id}
          freeSolo
          disableClearable
          openOnFocus
          options={devices}
          inputValue={field.value}
          onInputChange={(_, text) => field.onChange(text)}
          onBlur={() => field.value !== '' && field.onBlur()}
          getOptionLabel={(option) => (typeof option === 'string' ? option : option.device)}
          filterOptions={(options, { inputValue }) => options.filter((option) => fits(option, inputValue))}
          className={styles.field ?? ''}
          renderOption={({ key, ...props }, option) => (
            <li key={key} {...props} className={`${props.className} ${styles.option}`}>
              <DeviceState view={option} />
              <span>
                <b>
                  <bdi>{option.name || option.device}</bdi>
                </b>
                <span className={styles.second}>
                  <span className="mono">{option.device}</span> · <LastSeen view={option} />
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
              placeholder="Target Device"
              error={error !== undefined}
              fullWidth
            />
          )}
        />
        {chosen && <DeviceState view={chosen} hasWord />}
      </div>
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
      <p className={styles.help} id={`${id}-help`}>
        {helpText(chosen, { typed: field.value.trim(), count: devices.length, user, way })}
      </p>
    </FieldRow>
  );
}

interface Typed {
  readonly typed: string;
  /** Devices of the account. */
  readonly count: number;
  readonly user: string;
  readonly way: 'port' | 'portal';
}

function helpText(chosen: DeviceView | undefined, { typed, count, user, way }: Typed): string {
  if (chosen?.connection.proxying === 'no') return 'It is connected but does not offer proxy streams.';
  if (chosen) return `The ${way} stays open while the device is away, and works when it is back.`;
  if (typed !== '') return `No device ${typed} is registered for ${user || 'this account'} yet. It can be added later.`;
  return count === 0 ? 'No device is registered for this account yet.' : 'Pick one of the list, or type its ID.';
}

const fits = ({ device, name }: DeviceView, text: string): boolean =>
  `${device} ${name}`.toLowerCase().includes(text.trim().toLowerCase());

function LastSeen({ view }: { view: DeviceView }) {
  const { active, lastSeen } = view.connection;
  return useClock((now) => {
    if (active) return 'online';
    return lastSeen === null ? 'never seen' : `last seen ${formatActivity(lastSeen, now)}`;
  });
}
