/** Backups of the configuration: list, compare, put back. */
import { api } from '../base.ts';

export const backupHandlers = {
  list: api.backups.list.handler(({ context }) => context.gateway.backups.list()),
  compare: api.backups.compare.handler(({ context, input }) => context.gateway.backups.compare(input.backup)),
  restore: api.backups.restore.handler(({ context, input }) => context.gateway.backups.restore(input.backup)),
};
