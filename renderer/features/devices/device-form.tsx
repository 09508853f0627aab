/** The form of one device, new or stored: fields, and what happens on saving. */
import CheckIcon from '@mui/icons-material/Check';
import Button from '@mui/material/Button';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { FormProvider, type Resolver, useForm } from 'react-hook-form';
import type { DeviceView } from '../../../shared/device.ts';
import { failureOf } from '../../api/failure.ts';
import { useCall } from '../../api/use-gateway.ts';
import { announce } from '../../components/announcer.tsx';
import styles from '../../components/form-page.module.css';
import { LeaveDialog } from '../../components/leave-dialog.tsx';
import { leaveTo, navigate, useLeaveGuard } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import { DeviceFields } from './device-fields.tsx';
import {
  checkDeviceChange,
  checkNewDevice,
  type DeviceErrors,
  type DeviceValues,
  deviceFields,
  refusedDevice,
  toDeviceValues,
} from './device-values.ts';

interface DeviceFormProps {
  /** What it starts from; new values of a stored device come in where nothing was typed. */
  values: DeviceValues;
  /** What is edited. */
  view?: DeviceView;
  /** Where Cancel leads. */
  cancelTo: string;
  /** @param credentials  empty where they stayed as they were */
  onSaved: (view: DeviceView, credentials: string) => void;
  children?: ReactNode;
}

export function DeviceForm({ values, view, cancelTo, onSaved, children }: DeviceFormProps) {
  const isNew = view === undefined;
  const resolver: Resolver<DeviceValues> = (typed) => {
    const checked = isNew ? checkNewDevice(typed) : checkDeviceChange(typed, { name: true, description: true });
    if ('body' in checked) return { values: typed, errors: {} };
    const errors = Object.entries(checked.errors).map(([field, message]) => [field, { type: 'schema', message }]);
    return { values: {}, errors: Object.fromEntries(errors) };
  };
  const form = useForm<DeviceValues>({
    defaultValues: values,
    ...(view && { values, resetOptions: { keepDirtyValues: true } }),
    resolver,
    mode: 'onTouched',
    shouldFocusError: false,
  });
  const { setFocus, formState } = form;
  const { isDirty, dirtyFields } = formState;
  const [trouble, setTrouble] = useState('');
  const [leavingTo, setLeavingTo] = useState<string | undefined>(undefined);
  const save = useCall(
    async (client, typed: DeviceValues) => {
      if (view) {
        const checked = checkDeviceChange(typed, dirtyFields);
        const { user, device } = view;
        return 'body' in checked ? client.devices.update({ params: { user, device }, body: checked.body }) : undefined;
      }
      const checked = checkNewDevice(typed);
      return 'body' in checked
        ? client.devices.create({ params: { user: typed.user.trim() }, body: checked.body })
        : undefined;
    },
    { showsFailure: true },
  );
  useLeaveGuard(
    isDirty && !(isNew && save.isSuccess),
    useCallback((to: string) => setLeavingTo(to), []),
  );
  useEffect(() => {
    if (isNew) setFocus(values.device === '' ? 'device' : 'credentials');
  }, [isNew, values.device, setFocus]);

  const focusFirst = (errors: DeviceErrors) => {
    const first = deviceFields.find((name) => errors[name] !== undefined);
    if (first) setFocus(first);
  };
  const showRefusal = (thrown: unknown) => {
    const failure = failureOf(thrown);
    const errors = refusedDevice(failure);
    for (const name of deviceFields) {
      if (errors[name] !== undefined) form.setError(name, { type: 'server', message: errors[name] });
    }
    const { message, next, issues } = failure;
    const atField = Object.keys(errors).length > 0;
    setTrouble(atField ? '' : [message, ...issues.map((issue) => issue.message), next].join(' '));
    focusFirst(errors);
  };
  const submit = form.handleSubmit(
    (typed) => {
      if (save.isPending) return;
      setTrouble('');
      save.mutate(typed, {
        onSuccess: (saved) => {
          if (!saved) return;
          announce('Device saved');
          if (!isNew) form.reset(toDeviceValues(saved), { keepDirtyValues: false });
          onSaved(saved, typed.credentials);
        },
        onError: showRefusal,
      });
    },
    (errors) =>
      focusFirst(Object.fromEntries(Object.entries(errors).map(([name, error]) => [name, error?.message ?? '']))),
  );
  const onSubmit = () => {
    submit().catch(reportError);
  };
  useShortcuts({ 'mod+s': onSubmit });

  const saveText = isNew ? 'Add Device' : 'Update Device';
  return (
    <FormProvider {...form}>
      <form
        noValidate
        aria-label={saveText}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div className={styles.body}>
          <DeviceFields isNew={isNew} />
          {children}
        </div>
        <div className={styles.foot}>
          <MayButton
            may="devices.update"
            type="submit"
            size="large"
            variant="contained"
            color="primary"
            startIcon={<CheckIcon />}
            loading={save.isPending}
            loadingPosition="start"
            disabled={!isNew && !isDirty}
          >
            {saveText}
          </MayButton>
          {(isNew || isDirty) && (
            <Button
              size="large"
              variant="text"
              onClick={() => (isNew ? navigate(cancelTo) : form.reset(values, { keepDirtyValues: false }))}
            >
              {isNew ? 'Cancel' : 'Undo changes'}
            </Button>
          )}
          <p className={trouble ? styles.trouble : ''} role={trouble ? 'alert' : undefined}>
            {trouble || (!isNew && isDirty ? 'changed, not saved yet' : '')}
          </p>
        </div>
      </form>
      {leavingTo !== undefined && (
        <LeaveDialog saveText={saveText} onStay={() => setLeavingTo(undefined)} onLeave={() => leaveTo(leavingTo)} />
      )}
    </FormProvider>
  );
}
