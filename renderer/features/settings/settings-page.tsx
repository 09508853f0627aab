/** Settings of the gateway, of the PC it runs on, and of how it is shown. */
import { useGateway } from '../../api/use-gateway.ts';
import { AgentsSection } from './agents-section.tsx';
import { Appearance } from './appearance-section.tsx';
import { DesktopSection } from './desktop-section.tsx';
import styles from './settings.module.css';
import { SettingsForm } from './settings-form.tsx';
import { ThisPcSection } from './this-pc-section.tsx';

export function SettingsPage() {
  const settings = useGateway((snapshot) => snapshot.settings);
  return (
    <>
      <div className={`page-head ${styles.head}`}>
        <h1>Settings</h1>
        <span className="space" />
        <Version />
      </div>
      {settings ? (
        <SettingsForm settings={settings}>
          <AgentsSection />
          <ThisPcSection />
          <DesktopSection />
          <Appearance />
        </SettingsForm>
      ) : (
        <Appearance />
      )}
    </>
  );
}

function Version() {
  const version = useGateway((snapshot) => snapshot.host?.version);
  return version === undefined ? null : <span className={styles.version}>Sluice {version}</span>;
}
