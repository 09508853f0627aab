/** What the form of a proxy needs to have a plugin added: the frame brings it, since features do not know each other. */
import type { ComponentType } from 'react';
import type { PluginKey } from '../../../shared/name.ts';
import type { PluginView } from '../../../shared/plugin.ts';

/** Makes a plugin while the form waits under it. */
export type PluginDialogType = ComponentType<{
  asked: PluginKey;
  onClose: () => void;
  onAdded: (view: PluginView) => void;
}>;
