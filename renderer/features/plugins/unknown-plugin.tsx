/** The page of a plugin that is not registered: never was, or was removed. */
import Button from '@mui/material/Button';
import type { PluginKey } from '../../../shared/name.ts';
import { navigate } from '../../components/location.ts';
import styles from '../../components/profile.module.css';
import { keyOf } from './plugin-list.ts';

export function UnknownPlugin({ user, plugin }: PluginKey) {
  const key = keyOf(user, plugin);
  return (
    <>
      <div className="page-head">
        <h1>Plugins</h1>
      </div>
      <div className={styles.missing}>
        <p>
          There is no plugin <bdi>{plugin}</bdi> of the account <bdi>{user}</bdi>. It may have been removed, or was
          never added.
        </p>
        {key && (
          <Button
            variant="contained"
            color="primary"
            onClick={() => navigate(`/plugins/add/as/${key.user}/${key.plugin}`)}
          >
            Add this plugin
          </Button>
        )}
        <Button onClick={() => navigate('/plugins')}>Show the list</Button>
      </div>
    </>
  );
}
