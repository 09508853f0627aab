/** The form of one upstream connection, as a page. */
import BackIcon from '@mui/icons-material/ArrowBack';
import CheckIcon from '@mui/icons-material/Check';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import { useCallback, useEffect, useState } from 'react';
import { FormProvider, type Resolver, useForm } from 'react-hook-form';
import type { AgentSetting } from '../../../shared/agent.ts';
import { failureOf } from '../../api/failure.ts';
import { useReader } from '../../api/use-gateway.ts';
import { LeaveDialog } from '../../components/leave-dialog.tsx';
import { leaveTo, navigate, useLeaveGuard } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import { placedAgent, useChangeAgents } from './agent-calls.ts';
import { AgentSections } from './agent-sections.tsx';
import { type AgentValues, agentFields, checkAgent, newAgent, refusedAgent, toAgentValues } from './agent-values.ts';
import styles from './settings.module.css';

export function AgentForm({ setting }: { setting: AgentSetting | undefined }) {
  const read = useReader();
  const hasCredentials = setting?.hasCredentials ?? false;
  const check = (values: AgentValues) => {
    const taken = (read().settings?.agents ?? []).map(({ agent }) => agent).filter((agent) => agent !== setting?.agent);
    return checkAgent(values, { hasCredentials, taken });
  };
  const resolver: Resolver<AgentValues> = (values) => {
    const checked = check(values);
    if ('entry' in checked) return { values, errors: {} };
    const errors = Object.entries(checked.errors).map(([field, message]) => [field, { type: 'schema', message }]);
    return { values: {}, errors: Object.fromEntries(errors) };
  };
  const form = useForm<AgentValues>({
    defaultValues: setting ? toAgentValues(setting) : newAgent,
    resolver,
    mode: 'onTouched',
    shouldFocusError: false,
  });
  const { setFocus } = form;
  const [trouble, setTrouble] = useState('');
  const [leavingTo, setLeavingTo] = useState<string | undefined>(undefined);
  const save = useChangeAgents({ showsFailure: true });
  const isDirty = form.formState.isDirty && !save.isSuccess;
  useLeaveGuard(
    isDirty,
    useCallback((to: string) => setLeavingTo(to), []),
  );
  useEffect(() => setFocus(setting ? 'host' : 'agent'), [setting, setFocus]);

  const showRefusal = (thrown: unknown, index: number) => {
    const { message, next, issues } = failureOf(thrown);
    const errors = refusedAgent(issues, index);
    const refused = agentFields.filter((name) => errors[name] !== undefined);
    for (const name of refused) form.setError(name, { type: 'server', message: errors[name] });
    if (refused[0]) setFocus(refused[0]);
    else setTrouble([message, ...issues.map((issue) => issue.message), next].join(' '));
  };
  const submit = form.handleSubmit(
    (values) => {
      const checked = check(values);
      if (!('entry' in checked) || save.isPending) return;
      setTrouble('');
      const present = read().settings?.agents ?? [];
      const at = present.findIndex(({ agent }) => agent === setting?.agent);
      save.mutate(placedAgent(setting?.agent, checked.entry), {
        onSuccess: () => leaveTo('/settings'),
        onError: (thrown) => showRefusal(thrown, at < 0 ? present.length : at),
      });
    },
    (errors) => {
      const first = agentFields.find((name) => errors[name]);
      if (first) setFocus(first);
    },
  );
  const onSubmit = () => {
    submit().catch(reportError);
  };
  useShortcuts({ 'mod+s': onSubmit });

  const saveText = setting ? 'Save connection' : 'Add connection';
  return (
    <FormProvider {...form}>
      <div className={`page-head ${styles.head}`}>
        <IconButton className={styles.back} aria-label="Back to the settings" onClick={() => navigate('/settings')}>
          <BackIcon />
        </IconButton>
        <h1>{setting ? setting.agent : 'Add upstream connection'}</h1>
        <span className={styles.version}>{isDirty && 'not saved yet'}</span>
      </div>
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
          <AgentSections isNew={!setting} hasCredentials={hasCredentials} />
        </div>
        <div className={styles.save}>
          <MayButton
            may="settings.update"
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
          <Button size="large" variant="text" onClick={() => navigate('/settings')}>
            Cancel
          </Button>
          {trouble && (
            <p className={styles.trouble} role="alert">
              {trouble}
            </p>
          )}
        </div>
      </form>
      {leavingTo !== undefined && (
        <LeaveDialog saveText={saveText} onStay={() => setLeavingTo(undefined)} onLeave={() => leaveTo(leavingTo)} />
      )}
    </FormProvider>
  );
}
