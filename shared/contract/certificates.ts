/** The certificate desk. */
import { z } from 'zod';
import {
  certificateChange,
  certificateExport,
  certificateImport,
  certificateIssue,
  certificateParams,
  certificateRequest,
  certificateView,
  exportedKey,
  keyExport,
  signedCertificate,
} from '../certificate.ts';
import { canFail, forRole } from './procedure.ts';

export const certificates = {
  list: forRole('viewer')
    .route({ method: 'GET', path: '/v1/certificates', summary: 'List the certificates', tags: ['Certificates'] })
    .output(z.array(certificateView)),
  get: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/certificates/{certificate}',
      summary: 'Read one certificate',
      tags: ['Certificates'],
    })
    .errors(canFail('CERTIFICATE_NOT_FOUND'))
    .input(certificateParams)
    .output(certificateView),
  issue: forRole('administrator')
    .route({
      method: 'POST',
      path: '/v1/certificates',
      summary: 'Issue a certificate by the local CA, which is made on first need',
      tags: ['Certificates'],
    })
    .errors(canFail('CERTIFICATE_EXISTS', 'CERTIFICATE_UNUSABLE', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(certificateIssue)
    .output(certificateView),
  import: forRole('administrator')
    .route({
      method: 'POST',
      path: '/v1/certificates/import',
      summary: 'Take in a certificate with its key, or a CA to trust, from PEM, DER or PKCS#12',
      tags: ['Certificates'],
    })
    .errors(
      canFail(
        'CERTIFICATE_EXISTS',
        'CERTIFICATE_NOT_FOUND',
        'CERTIFICATE_FIXED',
        'CONFIG_NOT_SAVED',
        'SECRETS_UNREADABLE',
      ),
    )
    .input(certificateImport)
    .output(certificateView),
  request: forRole('administrator')
    .route({
      method: 'POST',
      path: '/v1/certificates/requests',
      summary: 'Make a key and a request for another CA',
      tags: ['Certificates'],
    })
    .errors(canFail('CERTIFICATE_EXISTS', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(certificateRequest)
    .output(certificateView),
  sign: forRole('administrator')
    .route({
      method: 'PUT',
      path: '/v1/certificates/{certificate}/signed',
      summary: 'Take in what another CA made of a request',
      tags: ['Certificates'],
      inputStructure: 'detailed',
    })
    .errors(canFail('CERTIFICATE_NOT_FOUND', 'CERTIFICATE_FIXED', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(z.object({ params: certificateParams, body: signedCertificate }))
    .output(certificateView),
  update: forRole('administrator')
    .route({
      method: 'PUT',
      path: '/v1/certificates/{certificate}',
      summary: 'Rename a certificate, or trust a CA or no longer',
      tags: ['Certificates'],
      inputStructure: 'detailed',
    })
    .errors(canFail('CERTIFICATE_NOT_FOUND', 'CERTIFICATE_FIXED', 'CONFIG_NOT_SAVED'))
    .input(z.object({ params: certificateParams, body: certificateChange }))
    .output(certificateView),
  renew: forRole('administrator')
    .route({
      method: 'POST',
      path: '/v1/certificates/{certificate}/renew',
      summary: 'Make a certificate of the local CA anew, with the same key',
      tags: ['Certificates'],
    })
    .errors(
      canFail(
        'CERTIFICATE_NOT_FOUND',
        'CERTIFICATE_FIXED',
        'CERTIFICATE_UNUSABLE',
        'CONFIG_NOT_SAVED',
        'SECRETS_UNREADABLE',
      ),
    )
    .input(certificateParams)
    .output(certificateView),
  export: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/certificates/{certificate}/export',
      summary: 'The public part of a certificate, or a request, in PEM',
      tags: ['Certificates'],
    })
    .errors(canFail('CERTIFICATE_NOT_FOUND'))
    .input(certificateParams)
    .output(certificateExport),
  exportKey: forRole('administrator')
    .route({
      method: 'POST',
      path: '/v1/certificates/{certificate}/export',
      summary: 'A certificate with its private key, sealed with a passphrase',
      tags: ['Certificates'],
      inputStructure: 'detailed',
    })
    .errors(canFail('CERTIFICATE_NOT_FOUND', 'CERTIFICATE_FIXED', 'SECRETS_UNREADABLE'))
    .input(z.object({ params: certificateParams, body: keyExport }))
    .output(exportedKey),
  remove: forRole('administrator')
    .route({
      method: 'DELETE',
      path: '/v1/certificates/{certificate}',
      summary: 'Remove a certificate that nothing uses',
      tags: ['Certificates'],
    })
    .errors(canFail('CERTIFICATE_NOT_FOUND', 'CERTIFICATE_FIXED', 'CERTIFICATE_IN_USE', 'CONFIG_NOT_SAVED'))
    .input(certificateParams)
    .output(certificateParams),
};
