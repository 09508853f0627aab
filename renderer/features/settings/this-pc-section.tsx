/** The doctor, for later: what Sluice needs of this PC. */
import CheckIcon from '@mui/icons-material/MonitorHeartOutlined';
import { FormSection } from '../../components/form-field.tsx';
import { ThisPc } from '../../components/this-pc.tsx';

export function ThisPcSection() {
  return (
    <FormSection icon={<CheckIcon />} title="This PC">
      <ThisPc canShowAll />
    </FormSection>
  );
}
