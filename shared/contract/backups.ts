/** Backups of the configuration: list, compare, put back. */
import { z } from 'zod';
import { backupComparison, backupParams, backupView } from '../backup.ts';
import { canFail, forRole } from './procedure.ts';

const tags = ['Backups'];

export const backups = {
  list: forRole('administrator')
    .route({ method: 'GET', path: '/v1/backups', summary: 'List the backups of the configuration, newest first', tags })
    .output(z.array(backupView)),
  compare: forRole('administrator')
    .route({
      method: 'GET',
      path: '/v1/backups/{backup}',
      summary: 'Read what putting back a backup would change; `last` takes back the last change',
      tags,
    })
    .errors(canFail('BACKUP_NOT_FOUND'))
    .input(backupParams)
    .output(backupComparison),
  restore: forRole('administrator')
    .route({ method: 'POST', path: '/v1/backups/{backup}/restore', summary: 'Put back a backup', tags })
    .errors(canFail('BACKUP_NOT_FOUND', 'CONFIG_NOT_SAVED'))
    .input(backupParams)
    .output(backupComparison),
};
