/** Tab "Settings": the form of the plugin, and how to be rid of it. */
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import { useMemo, useState } from 'react';
import { pluginLabel } from '../../../shared/name.ts';
import type { PluginView } from '../../../shared/plugin.ts';
import { leaveTo, navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import styles from '../../components/profile.module.css';
import { PluginForm } from './plugin-form.tsx';
import { toPluginValues } from './plugin-values.ts';
import { RemovePluginsDialog } from './remove-plugins-dialog.tsx';

export function PluginSettings({ view }: { view: PluginView }) {
  const [isRemoving, setRemoving] = useState(false);
  const { user, plugin, modified } = view;
  // Each change of state makes a new view; the form only follows what it shows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const values = useMemo(() => toPluginValues(view), [user, plugin, modified]);
  return (
    <>
      <PluginForm
        values={values}
        view={view}
        onCancel={() => navigate(`/plugins/${user}/${plugin}`)}
        onSaved={() => {}}
      >
        <div className={styles.danger}>
          <MayButton may="plugins.remove" color="error" startIcon={<RemoveIcon />} onClick={() => setRemoving(true)}>
            Remove this plugin…
          </MayButton>
          <p>Stops its program and forgets it. A plugin that proxies lead to stays.</p>
        </div>
      </PluginForm>
      {isRemoving && (
        <RemovePluginsDialog
          labels={[pluginLabel(view)]}
          onClose={() => setRemoving(false)}
          onRemoved={() => leaveTo('/plugins')}
        />
      )}
    </>
  );
}
