/** The site bundle: parts of this gateway out, parts of others in, and what was saved before. */
import { BackupsSection } from './backups-section.tsx';
import { ExportSection } from './export-section.tsx';
import { ImportSection } from './import-section.tsx';
import { SignersSection } from './signers-section.tsx';
import styles from './site.module.css';

export function SitePage() {
  return (
    <>
      <div className={`page-head ${styles.head}`}>
        <h1>Site bundle</h1>
      </div>
      <div className={styles.body}>
        <ImportSection />
        <ExportSection />
        <SignersSection />
        <BackupsSection />
      </div>
    </>
  );
}
