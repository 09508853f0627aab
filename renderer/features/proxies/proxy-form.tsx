/** The form of one proxy, as a page: three sections, limits, a summary beside, and what happens on saving. */
import BackIcon from '@mui/icons-material/ArrowBack';
import CheckIcon from '@mui/icons-material/Check';
import TemplateIcon from '@mui/icons-material/DescriptionOutlined';
import TipIcon from '@mui/icons-material/LightbulbOutlined';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import { useCallback, useEffect, useRef, useState } from 'react';
import { FormProvider, type Resolver, useForm, useWatch } from 'react-hook-form';
import type { PluginView } from '../../../shared/plugin.ts';
import type { Protocol, ProxyInput, ProxyProfile } from '../../../shared/proxy.ts';
import type { TemplateView } from '../../../shared/template.ts';
import { failureOf } from '../../api/failure.ts';
import { useCall, useGateway, useProxy, useReader } from '../../api/use-gateway.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { LeaveDialog } from '../../components/leave-dialog.tsx';
import { leaveTo, navigate, useLeaveGuard } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { ProxyTabs } from '../../components/proxy-tabs.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import {
  changedParts,
  checkValues,
  type FieldErrors,
  type FieldName,
  type FormValues,
  fieldNames,
  limitFields,
  refusedFields,
  scheduleFields,
  templateValues,
} from './form-values.ts';
import { LadderSteps } from './ladder-steps.tsx';
import { LimitsSection } from './limits-section.tsx';
import { leftAt } from './list-view.ts';
import type { PluginDialogType } from './plugin-dialog-type.ts';
import styles from './proxy-form.module.css';
import { ScheduleSection } from './schedule-section.tsx';
import { SettingsSection } from './settings-section.tsx';
import { SourceSection } from './source-section.tsx';
import { SummaryPane } from './summary-pane.tsx';
import { TargetSection } from './target-section.tsx';
import { TemplatePicker } from './template-picker.tsx';
import { updateEffect } from './update-effect.ts';
import { useLadder } from './use-ladder.ts';

const removedElsewhere =
  'This proxy was removed elsewhere meanwhile. Add Proxy makes it anew as it stands here; Cancel leaves it removed.';

const changedElsewhere =
  'This proxy was changed elsewhere meanwhile. Press Update Proxy again to save what you changed here, or Cancel to see the other change.';

export interface FormStart {
  readonly task: 'add' | 'edit' | 'copy';
  readonly values: FormValues;
  /** What is edited. */
  readonly profile?: ProxyProfile;
  /** A copy cannot have the port of its original: a free one is looked for. */
  readonly wantsPort?: boolean;
  /** Begins with the choice of a template. */
  readonly isChoosing?: boolean;
}

const resolver: Resolver<FormValues> = (values) => {
  const checked = checkValues(values);
  if ('body' in checked) return { values, errors: {} };
  const errors = Object.entries(checked.errors).map(([field, message]) => [field, { type: 'schema', message }]);
  return { values: {}, errors: Object.fromEntries(errors) };
};

interface ProxyFormProps {
  start: FormStart;
  PluginDialog: PluginDialogType;
}

export function ProxyForm({ start, PluginDialog }: ProxyFormProps) {
  const { profile } = start;
  const form = useForm<FormValues>({
    defaultValues: start.values,
    resolver,
    mode: 'onTouched',
    shouldFocusError: false,
  });
  const { handleSubmit, setError, trigger, setFocus, setValue, getValues, formState } = form;
  const [trouble, setTrouble] = useState('');
  const [isLimitsOpen, setLimitsOpen] = useState(false);
  const [isScheduleOpen, setScheduleOpen] = useState(start.values.hasSchedule);
  const [isChoosing, setChoosing] = useState(start.isChoosing ?? false);
  const [advice, setAdvice] = useState('');
  const [isAddingPlugin, setAddingPlugin] = useState(false);
  const [leavingTo, setLeavingTo] = useState<string | undefined>(undefined);
  const read = useReader();
  const ladder = useLadder();
  const { dirtyFields } = formState;
  const isGone = useGateway(({ proxies }) => profile !== undefined && !proxies.has(profile.proxy));
  /** The version of the profile that this form has told its person about. */
  const told = useRef(profile?.modified);
  const save = useCall(
    (client, body: ProxyInput) =>
      profile && !isGone
        ? client.proxies.update({ params: { proxy: profile.proxy }, body: changedParts(body, dirtyFields) })
        : client.proxies.create(body),
    { showsFailure: true },
  );
  /** A port that is taken gives way to one near it. */
  const freePort = useCall(async (client, wish: { protocol: Protocol; address: string; port: number }) => {
    const { free, suggestion } = await client.ports.check(wish);
    return free ? wish.port : (suggestion ?? wish.port);
  });
  const back = (proxy: string) => {
    leftAt.proxy = proxy;
    leaveTo('/proxies');
  };
  const isDirty = formState.isDirty && !save.isSuccess;
  useLeaveGuard(
    isDirty,
    useCallback((to: string) => setLeavingTo(to), []),
  );

  const focusFirst = (errors: FieldErrors) => {
    const first = fieldNames.find((name) => errors[name] !== undefined);
    if (!first) return;
    if (limitFields.includes(first)) setLimitsOpen(true);
    if (scheduleFields.includes(first)) setScheduleOpen(true);
    // The closed part has to be there before its field can have the keyboard.
    requestAnimationFrame(() => setFocus(first));
  };
  const showRefusal = (thrown: unknown) => {
    const failure = failureOf(thrown);
    const { message, next, issues } = failure;
    const errors = refusedFields(failure);
    for (const name of fieldNames) {
      if (errors[name] !== undefined) setError(name, { type: 'server', message: errors[name] });
    }
    const atField = Object.keys(errors).length > 0;
    setTrouble(atField ? '' : `${message} ${issues.map((issue) => issue.message).join(' ')} ${next}`);
    focusFirst(errors);
  };
  const submit = handleSubmit(
    (values) => {
      const checked = checkValues(values);
      if (!('body' in checked) || save.isPending) return;
      setTrouble('');
      const live = profile && read().proxies.get(profile.proxy);
      if (live && live.modified !== told.current) {
        told.current = live.modified;
        setTrouble(changedElsewhere);
        return;
      }
      save.mutate(checked.body, { onSuccess: (saved) => back(saved.proxy), onError: showRefusal });
    },
    (errors) =>
      focusFirst(Object.fromEntries(Object.entries(errors).map(([name, error]) => [name, error?.message ?? '']))),
  );
  /** Of what stands in the form, saved or not. */
  const test = () => {
    const checked = checkValues(getValues());
    if ('body' in checked) ladder.start(profile?.proxy ?? checked.body.proxy, checked.body.config);
    else {
      trigger().catch(reportError);
      focusFirst(checked.errors);
    }
  };
  const onSubmit = () => {
    submit().catch(reportError);
  };
  const takeTemplate = ({ name, advice: said, settings }: TemplateView) => {
    setChoosing(false);
    setAdvice(said && `${name}: ${said}`);
    for (const [field, value] of Object.entries(templateValues(settings)) as [FieldName, string][])
      setValue(field, value, { shouldDirty: true, shouldTouch: false });
    const { sourcePort: port, protocol } = settings;
    if (port !== undefined)
      freePort.mutate(
        { protocol, address: getValues('listenAddress'), port },
        {
          onSuccess: (free) => setValue('sourcePort', String(free), { shouldDirty: true }),
        },
      );
    setFocus('name');
  };
  useShortcuts(isAddingPlugin || isChoosing ? {} : { 'mod+s': onSubmit });
  const takePlugin = ({ user, plugin, port }: PluginView) => {
    setAddingPlugin(false);
    const change = { targetUser: user, targetPlugin: plugin, targetPort: String(port) };
    for (const [name, value] of Object.entries(change) as [keyof typeof change, string][]) {
      setValue(name, value, { shouldDirty: true, shouldValidate: true });
    }
  };

  useEffect(() => {
    leftAt.proxy = profile?.proxy;
    setFocus('name');
  }, [profile, setFocus]);

  const saveText = profile && !isGone ? 'Update Proxy' : 'Add Proxy';
  return (
    <FormProvider {...form}>
      <div className={`page-head ${styles.head}`}>
        <IconButton className={styles.back} aria-label="Back to the list" onClick={() => navigate('/proxies')}>
          <BackIcon />
        </IconButton>
        <h1>{profile ? profile.name : 'Add Proxy'}</h1>
        <span className={styles.saved}>{savedText(start, isDirty)}</span>
        <span className="space" />
        {!profile && (
          <Button startIcon={<TemplateIcon />} onClick={() => setChoosing(true)} className={styles.template}>
            Use a template…
          </Button>
        )}
        <span className={styles.hint}>
          <KeyCap>Ctrl S</KeyCap> saves
        </span>
      </div>
      {profile && <ProxyTabs proxy={profile.proxy} tab="settings" />}
      <div className={styles.columns}>
        <form
          className={styles.form}
          noValidate
          aria-label={saveText}
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          <div className={styles.sections}>
            {advice && (
              <p className={styles.advice} role="status">
                <TipIcon />
                {advice}
              </p>
            )}
            <SettingsSection isNew={!profile} />
            <SourceSection proxy={profile?.proxy} wantsPort={start.wantsPort ?? false} />
            <TargetSection onAddPlugin={() => setAddingPlugin(true)} />
            <LimitsSection isOpen={isLimitsOpen} onOpen={setLimitsOpen} />
            <ScheduleSection isOpen={isScheduleOpen} onOpen={setScheduleOpen} />
          </div>
          <div className={styles.foot}>
            <MayButton
              may="proxies.update"
              type="submit"
              size="large"
              variant="contained"
              color="primary"
              startIcon={<CheckIcon />}
              loading={save.isPending}
              loadingPosition="start"
            >
              {saveText}
            </MayButton>
            <Button size="large" onClick={() => (ladder.run?.isRunning ? ladder.stop() : test())}>
              {ladder.run?.isRunning ? 'Stop test' : 'Test'}
            </Button>
            <Button size="large" variant="text" onClick={() => navigate('/proxies')}>
              Cancel
            </Button>
            <p
              className={trouble || isGone ? styles.trouble : styles.effect}
              role={trouble || isGone ? 'alert' : undefined}
            >
              {trouble || (isGone ? removedElsewhere : profile && <Effect profile={profile} />)}
            </p>
          </div>
        </form>
        <SummaryPane>
          {ladder.run && <LadderSteps title={getValues('name').trim() || 'New proxy'} run={ladder.run} />}
        </SummaryPane>
      </div>
      {isChoosing && <TemplatePicker onChoose={takeTemplate} onClose={() => setChoosing(false)} />}
      {isAddingPlugin && (
        <PluginDialog
          asked={{ user: getValues('targetUser').trim(), plugin: getValues('targetPlugin').trim() }}
          onClose={() => setAddingPlugin(false)}
          onAdded={takePlugin}
        />
      )}
      {leavingTo !== undefined && (
        <LeaveDialog saveText={saveText} onStay={() => setLeavingTo(undefined)} onLeave={() => leaveTo(leavingTo)} />
      )}
    </FormProvider>
  );
}

function savedText({ task, profile }: FormStart, isDirty: boolean): string {
  if (!profile) return task === 'copy' ? 'a copy, not saved yet' : 'not saved yet';
  return isDirty ? 'changed, not saved yet' : '';
}

function Effect({ profile }: { profile: ProxyProfile }) {
  const values = useWatch<FormValues>() as FormValues;
  const open = useProxy(profile.proxy)?.status.pipes.open ?? 0;
  const checked = checkValues(values);
  return 'body' in checked ? updateEffect(profile, checked.body, open) : null;
}
