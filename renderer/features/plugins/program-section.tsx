/** Form part "Program": what Sluice runs, with what, and whether it starts it again. */
import ProgramIcon from '@mui/icons-material/TerminalOutlined';
import { ControlledSwitch } from '../../components/controlled-switch.tsx';
import { ControlledText } from '../../components/controlled-text.tsx';
import { FormSection } from '../../components/form-field.tsx';
import type { PluginField } from './plugin-values.ts';
import { VariablesField } from './variables-field.tsx';

export function ProgramSection() {
  return (
    <FormSection icon={<ProgramIcon />} title="Program">
      <ControlledText<PluginField>
        name="command"
        label="Command"
        placeholder="/usr/bin/node-red"
        isMono
        help="A program, or its whole path. No shell reads it."
      />
      <ControlledText<PluginField>
        name="args"
        label="Arguments"
        placeholder="One a line"
        isMono
        isMultiline
        help="One a line, without quotes."
      />
      <VariablesField />
      <ControlledText<PluginField>
        name="cwd"
        label="Working folder"
        placeholder="A folder of its own in the data folder"
        isMono
      />
      <ControlledSwitch<PluginField>
        name="restart"
        label="Restart"
        text={(isOn) =>
          isOn
            ? 'Started again when it ends by itself, later and later up to 30 s'
            : 'Stays down when it ends by itself'
        }
      />
      <ControlledSwitch<PluginField>
        name="enabled"
        label="Run"
        text={(isOn) => (isOn ? 'Runs while Sluice runs' : 'Stays stopped until somebody starts it')}
      />
    </FormSection>
  );
}
