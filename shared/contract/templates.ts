/** Templates of proxies: those of Sluice, and those of the site. */
import { z } from 'zod';
import { templateChange, templateInput, templateParam, templateView } from '../template.ts';
import { canFail, forRole } from './procedure.ts';

export const templates = {
  list: forRole('viewer')
    .route({ method: 'GET', path: '/v1/templates', summary: 'List the templates, own ones first', tags: ['Templates'] })
    .output(z.array(templateView)),
  create: forRole('administrator')
    .route({ method: 'POST', path: '/v1/templates', summary: 'Add a template of the site', tags: ['Templates'] })
    .errors(canFail('TEMPLATE_EXISTS', 'TEMPLATES_FULL', 'CONFIG_NOT_SAVED'))
    .input(templateInput)
    .output(templateView),
  update: forRole('administrator')
    .route({
      method: 'PUT',
      path: '/v1/templates/{template}',
      summary: 'Rename or change a template of the site',
      tags: ['Templates'],
      inputStructure: 'detailed',
    })
    .errors(canFail('TEMPLATE_NOT_FOUND', 'TEMPLATE_FIXED', 'CONFIG_NOT_SAVED'))
    .input(z.object({ params: templateParam, body: templateChange }))
    .output(templateView),
  remove: forRole('administrator')
    .route({
      method: 'DELETE',
      path: '/v1/templates/{template}',
      summary: 'Remove a template of the site; proxies made from it stay',
      tags: ['Templates'],
    })
    .errors(canFail('TEMPLATE_NOT_FOUND', 'TEMPLATE_FIXED', 'CONFIG_NOT_SAVED'))
    .input(templateParam)
    .output(templateParam),
};
