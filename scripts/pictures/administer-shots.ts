/** What administrators see: audit log, site bundle with its backups, users. */
import { go, type Shot } from './shot.ts';

export const administerShots: Shot[] = [
  {
    name: 'audit',
    prepare: async (page) => {
      await go('/audit')(page);
      await page.getByText('Gateway started').first().waitFor();
    },
  },
  {
    name: 'site',
    prepare: async (page) => {
      await go('/site')(page);
      await page.getByRole('table', { name: 'Backups' }).waitFor();
    },
  },
  { name: 'site-backups', prepare: (page) => page.getByRole('table', { name: 'Backups' }).scrollIntoViewIfNeeded() },
  {
    name: 'users',
    prepare: async (page) => {
      await go('/users')(page);
      await page.getByRole('heading', { name: 'Users & lock' }).waitFor();
    },
  },
];
