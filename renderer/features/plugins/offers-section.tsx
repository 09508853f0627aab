/** In the form of a plugin from a file: what the file says of containers, and the proxies that it offers. */
import ProxyIcon from '@mui/icons-material/SignpostOutlined';
import { useWatch } from 'react-hook-form';
import { FormSection } from '../../components/form-field.tsx';
import { counted } from '../../components/format.ts';
import { offersOf, type PluginFile } from './file-values.ts';
import { Offers } from './offers.tsx';
import styles from './plugin-form.module.css';
import type { PluginValues } from './plugin-values.ts';

export function OffersSection({ file }: { file: PluginFile }) {
  const values = useWatch<PluginValues>() as PluginValues;
  const offers = offersOf(file, values);
  return (
    <FormSection
      icon={<ProxyIcon />}
      title={offers.length === 0 ? 'Proxies' : `It brings ${counted(offers.length, 'proxy', 'proxies')}`}
    >
      <p className={styles.lead}>
        {offers.length === 0
          ? 'The file brings no proxies.'
          : 'They are kept with the plugin. Each is made when you say so, on the page that follows.'}
        {file.isContainer && ' Its container is not started by Sluice: start it with Docker, or choose it above.'}
      </p>
      {offers.length > 0 && <Offers offers={offers} />}
    </FormSection>
  );
}
