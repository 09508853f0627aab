/** What the gateway keeps: site, listening, limits, hub. Saved together. */
import CheckIcon from '@mui/icons-material/Check';
import SourceIcon from '@mui/icons-material/InputOutlined';
import SiteIcon from '@mui/icons-material/PlaceOutlined';
import CaptureIcon from '@mui/icons-material/ShowChartOutlined';
import LimitsIcon from '@mui/icons-material/SpeedOutlined';
import Button from '@mui/material/Button';
import { type ReactNode, useCallback, useId, useState } from 'react';
import { FormProvider, type Resolver, useForm } from 'react-hook-form';
import { isLoopback } from '../../../shared/address.ts';
import type { Settings, SettingsChange } from '../../../shared/settings.ts';
import { failureOf } from '../../api/failure.ts';
import { useCall } from '../../api/use-gateway.ts';
import { announce } from '../../components/announcer.tsx';
import { ControlledText } from '../../components/controlled-text.tsx';
import { FieldRow, FormSection } from '../../components/form-field.tsx';
import { LeaveDialog } from '../../components/leave-dialog.tsx';
import { leaveTo, useLeaveGuard } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import { HubSection } from './hub-section.tsx';
import { SettingAddress } from './setting-address.tsx';
import styles from './settings.module.css';
import {
  checkSettings,
  refusedSettings,
  type SettingsField,
  type SettingsValues,
  settingsFields,
  toSettingsValues,
} from './settings-values.ts';

const resolver: Resolver<SettingsValues> = (values) => {
  const checked = checkSettings(values);
  if ('change' in checked) return { values, errors: {} };
  const errors = Object.entries(checked.errors).map(([field, message]) => [field, { type: 'schema', message }]);
  return { values: {}, errors: Object.fromEntries(errors) };
};

/** @param props.children further sections, which save themselves */
export function SettingsForm({ settings, children }: { settings: Settings; children: ReactNode }) {
  const form = useForm<SettingsValues>({
    values: toSettingsValues(settings),
    resetOptions: { keepDirtyValues: true },
    resolver,
    mode: 'onTouched',
    shouldFocusError: false,
  });
  const [trouble, setTrouble] = useState('');
  const [leavingTo, setLeavingTo] = useState<string | undefined>(undefined);
  const save = useCall((client, change: SettingsChange) => client.settings.update(change), { showsFailure: true });
  const { isDirty } = form.formState;
  useLeaveGuard(
    isDirty,
    useCallback((to: string) => setLeavingTo(to), []),
  );
  const submit = form.handleSubmit(
    (values) => {
      const checked = checkSettings(values);
      if (!('change' in checked) || save.isPending) return;
      setTrouble('');
      save.mutate(checked.change, {
        onSuccess: (saved) => {
          form.reset(toSettingsValues(saved), { keepDirtyValues: false });
          announce('Settings saved');
        },
        onError: (thrown) => {
          const { message, next, issues } = failureOf(thrown);
          const errors = refusedSettings(issues);
          const refused = settingsFields.filter((name) => errors[name] !== undefined);
          for (const name of refused) form.setError(name, { type: 'server', message: errors[name] });
          if (refused[0]) form.setFocus(refused[0]);
          else setTrouble([message, ...issues.map((issue) => issue.message), next].join(' '));
        },
      });
    },
    (errors) => {
      const first = settingsFields.find((name) => errors[name]);
      if (first) form.setFocus(first);
    },
  );
  const onSubmit = () => {
    submit().catch(reportError);
  };
  useShortcuts({ 'mod+s': onSubmit });
  return (
    <FormProvider {...form}>
      <form
        noValidate
        aria-label="Settings"
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div className={styles.body}>
          <FormSection icon={<SiteIcon />} title="Site">
            <ControlledText<SettingsField>
              name="siteName"
              label="Site name"
              placeholder="Pump station 3"
              help="Stands in the top bar."
            />
          </FormSection>
          <FormSection icon={<SourceIcon />} title="Listening">
            <DefaultAddress />
            <ControlledText<SettingsField>
              name="portsFrom"
              label="Dynamic ports from"
              isMono
              width={176}
              beside={<ControlledText<SettingsField> name="portsTo" label="to" isMono isBeside />}
              help="Where Pick free looks for a source port."
            />
          </FormSection>
          <FormSection icon={<LimitsIcon />} title="Limits">
            <ControlledText<SettingsField>
              name="maxPipes"
              label="Connections at most"
              placeholder="–"
              isMono
              width={120}
              help="Of all proxies together. Empty: as many as the system can open."
            />
            <ControlledText<SettingsField>
              name="maxUdpFlows"
              label="UDP clients at most"
              isMono
              width={120}
              help="Of each proxy."
            />
            <ControlledText<SettingsField>
              name="workers"
              label="Spread over processors"
              placeholder="–"
              isMono
              width={120}
              help="For busy gateways: plain TCP proxies share their connections among this many. Empty: one serves all. From the next start of Sluice."
            />
          </FormSection>
          <FormSection icon={<CaptureIcon />} title="Captured payload">
            <ControlledText<SettingsField>
              name="captureMemory"
              label="Memory, MiB"
              isMono
              width={120}
              help="For all captures together. What does not fit goes to the disk."
            />
            <ControlledText<SettingsField>
              name="captureDisk"
              label="Disk, MiB"
              isMono
              width={120}
              help="In the folder captures, removed when Sluice ends. 0 keeps captures in memory only."
            />
          </FormSection>
          <HubSection />
          {children}
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
            disabled={!isDirty}
          >
            Save settings
          </MayButton>
          {isDirty && (
            <Button
              size="large"
              variant="text"
              onClick={() => form.reset(toSettingsValues(settings), { keepDirtyValues: false })}
            >
              Undo changes
            </Button>
          )}
          {trouble ? (
            <p className={styles.trouble} role="alert">
              {trouble}
            </p>
          ) : (
            <p>{isDirty ? 'changed, not saved yet' : ''}</p>
          )}
        </div>
      </form>
      {leavingTo !== undefined && (
        <LeaveDialog
          saveText="Save settings"
          onStay={() => setLeavingTo(undefined)}
          onLeave={() => leaveTo(leavingTo)}
        />
      )}
    </FormProvider>
  );
}

function DefaultAddress() {
  const id = useId();
  return (
    <FieldRow label="Default address" labelId={id}>
      <SettingAddress
        name="defaultAddress"
        labelledBy={id}
        help={(address) =>
          `Where new proxies listen. ${isLoopback(address) ? '' : 'Other machines on the network will be able to reach them.'}`
        }
      />
    </FieldRow>
  );
}
