/** What the Plugins page says before there is one: what a plugin is, and the ways to get one. */
import AddIcon from '@mui/icons-material/Add';
import ContainerIcon from '@mui/icons-material/Inventory2Outlined';
import FileIcon from '@mui/icons-material/UploadFileOutlined';
import Button from '@mui/material/Button';
import { useId } from 'react';
import { KeyCap } from '../../components/key-cap.tsx';
import { navigate } from '../../components/location.ts';
import { useShortcuts } from '../../components/shortcuts.ts';
import { useContainers } from './containers.ts';
import styles from './empty-plugins.module.css';
import { PresetList } from './preset-list.tsx';

export function EmptyPlugins() {
  const id = useId();
  const { containers } = useContainers();
  const running = containers.filter(({ state }) => state === 'running');
  useShortcuts({ n: () => navigate('/plugins/add') });
  return (
    <>
      <div className={`page-head ${styles.head}`}>
        <h1>Plugins</h1>
      </div>
      <div className={styles.body}>
        <div className={styles.column}>
          <h2>No plugins yet.</h2>
          <p className={styles.lead}>
            A plugin is a service on this PC. Proxies lead to it by name, and say so when it does not run.
          </p>
          <div className={styles.action}>
            <Button
              size="large"
              variant="contained"
              color="primary"
              autoFocus
              startIcon={<AddIcon />}
              onClick={() => navigate('/plugins/add')}
              aria-keyshortcuts="n"
            >
              Add Plugin
            </Button>
            <span>A service that runs already, or a program that Sluice is to run.</span>
            <KeyCap>N</KeyCap>
          </div>
          <div className={styles.action}>
            <Button size="large" startIcon={<FileIcon />} onClick={() => navigate('/plugins/add/file')}>
              Import plugin.json
            </Button>
            <span>Of Thinger.io: shows what will be made, and runs nothing.</span>
          </div>
          {running.length > 0 && (
            <div className={styles.action}>
              <Button size="large" startIcon={<ContainerIcon />} onClick={() => navigate('/plugins/add/container')}>
                Choose a container
              </Button>
              <span>
                Running here:{' '}
                <bdi>
                  {running
                    .map(({ name }) => name)
                    .slice(0, 4)
                    .join(', ')}
                </bdi>
                {running.length > 4 && ` and ${running.length - 4} more`}
              </span>
            </div>
          )}
          <section className={styles.presets} aria-labelledby={id}>
            <h3 id={id}>Often run beside a gateway</h3>
            <PresetList labelledBy={id} onPick={({ plugin }) => navigate(`/plugins/add/preset/${plugin}`)} />
          </section>
        </div>
      </div>
      <footer className="page-foot">No plugins</footer>
    </>
  );
}
