/** The fields of a plugin: who runs it, what it is called, and where it answers. */
import PlaceIcon from '@mui/icons-material/LanOutlined';
import SettingsIcon from '@mui/icons-material/TuneOutlined';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useId } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { type PluginKind, pluginKinds } from '../../../shared/plugin.ts';
import { useReader } from '../../api/use-gateway.ts';
import { ControlledText } from '../../components/controlled-text.tsx';
import { FieldRow, FormSection } from '../../components/form-field.tsx';
import { proposeId } from '../../components/fresh-id.ts';
import { pluginKindText } from '../../components/shown-plugin-state.ts';
import { ContainerSection } from './container-section.tsx';
import styles from './plugin-form.module.css';
import type { PluginField, PluginValues } from './plugin-values.ts';
import { PresetMenu } from './preset-menu.tsx';
import { ProgramSection } from './program-section.tsx';

const uses: Record<PluginKind, string> = {
  manual: 'Somebody else runs it; Sluice looks whether it answers',
  process: 'Sluice runs it, and starts it again when it ends',
  docker: 'Docker runs it; Sluice reads its state',
};

export function PluginFields({ isNew, hasPresets }: { isNew: boolean; hasPresets: boolean }) {
  const kind = useWatch<PluginValues, 'kind'>({ name: 'kind' });
  return (
    <>
      <FormSection icon={<SettingsIcon />} title="Plugin Settings">
        <KindCards />
        {hasPresets && <PresetMenu />}
        <NameFields isNew={isNew} />
        <ControlledText<PluginField>
          name="user"
          label="Account"
          placeholder="Account"
          isMono
          width={296}
          disabled={!isNew}
          help={isNew ? undefined : 'Fixed after creation'}
        />
        <ControlledText<PluginField>
          name="description"
          label="Plugin description"
          placeholder="Optional plugin description"
        />
      </FormSection>
      {kind === 'process' && <ProgramSection />}
      {kind === 'docker' && <ContainerSection isNew={isNew} />}
      <FormSection icon={<PlaceIcon />} title="Where it answers">
        <ControlledText<PluginField>
          name="address"
          label="Address"
          placeholder="127.0.0.1"
          isMono
          width={296}
          beside={<ControlledText<PluginField> name="port" label="Port" placeholder="Port" isMono isNumber isBeside />}
        />
        <TransportChoice />
      </FormSection>
    </>
  );
}

function KindCards() {
  const { field } = useController<PluginValues, 'kind'>({ name: 'kind' });
  const labelId = useId();
  return (
    <FieldRow label="Run" labelId={labelId}>
      <div className={styles.cards} role="radiogroup" aria-labelledby={labelId}>
        {pluginKinds.map((kind) => (
          <label key={kind} className={styles.card}>
            <input
              type="radio"
              name={field.name}
              value={kind}
              checked={field.value === kind}
              onChange={() => field.onChange(kind)}
              className="visually-hidden"
            />
            <b>{pluginKindText[kind]}</b>
            <span>{uses[kind]}</span>
          </label>
        ))}
      </div>
    </FieldRow>
  );
}

/** The ID follows the name until somebody types one. */
function NameFields({ isNew }: { isNew: boolean }) {
  const { getFieldState, getValues, setValue, formState } = useFormContext<PluginValues>();
  const read = useReader();
  const propose = (name: string) => {
    if (!isNew || getFieldState('plugin', formState).isTouched) return;
    const user = getValues('user').trim();
    const taken = [...read().plugins.values()].filter((view) => view.user === user).map(({ plugin }) => plugin);
    setValue('plugin', proposeId(name, new Set(taken)), { shouldValidate: formState.isSubmitted });
  };
  return (
    <ControlledText<PluginField>
      name="name"
      label="Plugin name"
      placeholder="Plugin name"
      onTyped={propose}
      beside={
        <ControlledText<PluginField>
          name="plugin"
          label="Plugin ID"
          placeholder="Enter a plugin id"
          isMono
          isBeside
          disabled={!isNew}
          help={isNew ? undefined : 'Fixed after creation'}
        />
      }
    />
  );
}

function TransportChoice() {
  const { field } = useController<PluginValues, 'transport'>({ name: 'transport' });
  const id = useId();
  return (
    <FieldRow label="Listens on" labelId={id}>
      <ToggleButtonGroup
        exclusive
        aria-labelledby={id}
        value={field.value}
        onChange={(_, chosen: PluginValues['transport'] | null) => chosen && field.onChange(chosen)}
      >
        <ToggleButton value="tcp">TCP</ToggleButton>
        <ToggleButton value="udp">UDP</ToggleButton>
      </ToggleButtonGroup>
      <p className={styles.help}>
        {field.value === 'tcp'
          ? 'Sluice opens a connection there every few seconds, to see whether it answers.'
          : 'UDP cannot be asked whether it answers; proxies lead there all the same.'}
      </p>
    </FieldRow>
  );
}
