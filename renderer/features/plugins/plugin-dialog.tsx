/** The form of a new plugin in a dialog, for whoever needs one as a target and is in the middle of another form. */
import Dialog from '@mui/material/Dialog';
import { useId, useState } from 'react';
import type { PluginKey } from '../../../shared/name.ts';
import type { PluginView } from '../../../shared/plugin.ts';
import styles from './plugin-dialog.module.css';
import { PluginForm } from './plugin-form.tsx';
import { newPlugin } from './plugin-values.ts';

interface PluginDialogProps {
  /** The account, and the ID where one was typed. */
  asked: PluginKey;
  onClose: () => void;
  onAdded: (view: PluginView) => void;
}

export function PluginDialog({ asked, onClose, onAdded }: PluginDialogProps) {
  const id = useId();
  const [values] = useState(() => newPlugin(asked.user, { plugin: asked.plugin }));
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth={false}>
      <div className={styles.dialog}>
        <h2 id={id}>Add Plugin</h2>
        <PluginForm values={values} focus="name" isInDialog onCancel={onClose} onSaved={onAdded} />
      </div>
    </Dialog>
  );
}
