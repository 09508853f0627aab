/** The form of one plugin, new or stored: fields, and what happens on saving. */
import CheckIcon from '@mui/icons-material/Check';
import Button from '@mui/material/Button';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { FormProvider, type Resolver, useForm } from 'react-hook-form';
import type { PluginOffer, PluginView } from '../../../shared/plugin.ts';
import { failureOf } from '../../api/failure.ts';
import { useCall } from '../../api/use-gateway.ts';
import { announce } from '../../components/announcer.tsx';
import styles from '../../components/form-page.module.css';
import { LeaveDialog } from '../../components/leave-dialog.tsx';
import { leaveTo, useLeaveGuard } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import { PluginFields } from './plugin-fields.tsx';
import {
  checkNewPlugin,
  checkPluginChange,
  type PluginErrors,
  type PluginField,
  type PluginValues,
  pluginFields,
  refusedPlugin,
  toPluginValues,
} from './plugin-values.ts';

interface PluginFormProps {
  /** What it starts from; new values of a stored plugin come in where nothing was typed. */
  values: PluginValues;
  /** What is edited. */
  view?: PluginView | undefined;
  /** Proxies that a new plugin brings. */
  offers?: ((values: PluginValues) => readonly PluginOffer[]) | undefined;
  /** Which field has the keyboard first. */
  focus?: PluginField;
  /** Stands in a dialog over another form, which the way out leads back to: nothing asks before leaving. */
  isInDialog?: boolean;
  onCancel: () => void;
  onSaved: (view: PluginView) => void;
  children?: ReactNode;
}

const everything = Object.fromEntries(pluginFields.map((field) => [field, true]));

export function PluginForm({ values, view, offers, focus, isInDialog, onCancel, onSaved, children }: PluginFormProps) {
  const isNew = view === undefined;
  const resolver: Resolver<PluginValues> = (typed) => {
    const checked = isNew ? checkNewPlugin(typed) : checkPluginChange(typed, everything, view);
    if ('body' in checked) return { values: typed, errors: {} };
    const errors = Object.entries(checked.errors).map(([field, message]) => [field, { type: 'schema', message }]);
    return { values: {}, errors: Object.fromEntries(errors) };
  };
  const form = useForm<PluginValues>({
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
    async (client, typed: PluginValues) => {
      if (view) {
        const checked = checkPluginChange(typed, dirtyFields, view);
        const { user, plugin } = view;
        return 'body' in checked ? client.plugins.update({ params: { user, plugin }, body: checked.body }) : undefined;
      }
      const checked = checkNewPlugin(typed, offers?.(typed));
      const user = typed.user.trim();
      return 'body' in checked ? client.plugins.create({ params: { user }, body: checked.body }) : undefined;
    },
    { showsFailure: true },
  );
  useLeaveGuard(
    isDirty && !isInDialog && !(isNew && save.isSuccess),
    useCallback((to: string) => setLeavingTo(to), []),
  );
  useEffect(() => {
    if (focus) setFocus(focus);
  }, [focus, setFocus]);

  const focusFirst = (errors: PluginErrors) => {
    const first = pluginFields.find((name) => errors[name] !== undefined);
    if (first && first !== 'variables') setFocus(first);
  };
  const showRefusal = (thrown: unknown) => {
    const failure = failureOf(thrown);
    const errors = refusedPlugin(failure);
    for (const name of pluginFields) {
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
          announce('Plugin saved');
          if (!isNew) form.reset(toPluginValues(saved), { keepDirtyValues: false });
          onSaved(saved);
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

  const saveText = isNew ? 'Add Plugin' : 'Update Plugin';
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
          <PluginFields isNew={isNew} hasPresets={isNew && !offers} />
          {children}
        </div>
        <div className={styles.foot}>
          <MayButton
            may="plugins.update"
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
              onClick={() => (isNew ? onCancel() : form.reset(values, { keepDirtyValues: false }))}
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
