/** Runs or stops the program of a plugin. Shows what was asked for while the gateway is still at it. */
import { useId } from 'react';
import type { PluginView } from '../../../shared/plugin.ts';
import { MaySwitch } from '../../components/may.tsx';
import { isWanted, useRunPlugins } from './plugin-calls.ts';

export function PluginSwitch({ view, className }: { view: PluginView; className?: string | undefined }) {
  const run = useRunPlugins();
  const id = useId();
  return (
    <label className={className} htmlFor={id}>
      <MaySwitch
        may="plugins.start"
        checked={run.isPending ? run.variables.run : isWanted(view)}
        onChange={(_, wanted) => run.mutate({ views: [view], run: wanted })}
        slotProps={{ input: { id, 'aria-label': `Run ${view.name}` } }}
      />
    </label>
  );
}
