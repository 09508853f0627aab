/** The audit log. */
import { z } from 'zod';
import { auditPage, auditQuery, auditVerdict } from '../audit.ts';
import { canFail, forRole } from './procedure.ts';

export const audit = {
  list: forRole('administrator')
    .route({ method: 'GET', path: '/v1/audit', summary: 'Read the audit log, newest first', tags: ['Audit'] })
    .errors(canFail('AUDIT_UNREADABLE'))
    .input(auditQuery)
    .output(auditPage),
  verify: forRole('administrator')
    .route({
      method: 'GET',
      path: '/v1/audit/verify',
      summary: 'Check that nothing in the audit log was changed, left out or moved',
      tags: ['Audit'],
    })
    .errors(canFail('AUDIT_UNREADABLE'))
    .output(auditVerdict),
  export: forRole('administrator')
    .route({
      method: 'GET',
      path: '/v1/audit/export',
      summary: 'The audit log as a file of JSON lines, which can be checked elsewhere',
      tags: ['Audit'],
    })
    .errors(canFail('AUDIT_UNREADABLE'))
    .output(z.file()),
};
