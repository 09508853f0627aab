/** Well-known services to start from, each with the port that it has by itself. */
import type { PluginPreset } from '../../../shared/plugin-presets.ts';
import { pluginPresets } from '../../../shared/plugin-presets.ts';
import styles from './preset-list.module.css';

interface PresetListProps {
  labelledBy: string;
  onPick: (preset: PluginPreset) => void;
}

export function PresetList({ labelledBy, onPick }: PresetListProps) {
  return (
    <ul className={styles.list} aria-labelledby={labelledBy}>
      {pluginPresets.map((preset) => (
        <li key={preset.plugin}>
          <button type="button" onClick={() => onPick(preset)}>
            <b>{preset.name}</b>
            <span>
              <span className="visually-hidden">port </span>
              {preset.port}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
