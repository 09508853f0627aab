import { afterEach, beforeEach, expect, it } from 'vitest';
import { MOST_OWN_TEMPLATES } from '../../../shared/template.ts';
import { templates as builtIn } from '../../../shared/templates.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

let here: TestGateway;
beforeEach(async () => {
  here = await startGateway();
});
afterEach(() => here.stop());

const pump = { template: 'pump', name: 'Pump', settings: { protocol: 'tcp', targetPort: 502 } } as const;

it('of the site come before those of Sluice, can be renamed and removed, and are part of the configuration', async () => {
  const { templates } = here.gateway;
  expect(templates.list()).toEqual(builtIn);
  expect(await templates.create(pump)).toEqual({ ...pump, advice: '', own: true });
  await templates.create({ ...pump, template: 'fan', name: 'Fan', advice: 'Blows.' });
  expect(
    templates
      .list()
      .map(({ name }) => name)
      .slice(0, 2),
  ).toEqual(['Fan', 'Pump']);
  expect(await templates.update('fan', { name: 'Zephyr' })).toMatchObject({ name: 'Zephyr', advice: 'Blows.' });

  const { folder, gateway } = here;
  await gateway.stop({ deadlineMs: 0 });
  here = await startGateway(folder);
  expect(
    here.gateway.templates
      .list()
      .map(({ name }) => name)
      .slice(0, 2),
  ).toEqual(['Pump', 'Zephyr']);
  await here.gateway.templates.remove('pump');
  expect(here.gateway.templates.list()).toHaveLength(builtIn.length + 1);
});

it('are refused under an ID that is taken, and those of Sluice cannot be changed', async () => {
  const { templates } = here.gateway;
  await templates.create(pump);
  await expect(templates.create(pump)).rejects.toMatchObject({ code: 'TEMPLATE_EXISTS' });
  await expect(templates.create({ ...pump, template: 'ssh' })).rejects.toMatchObject({ code: 'TEMPLATE_EXISTS' });
  await expect(templates.update('ssh', { name: 'x' })).rejects.toMatchObject({ code: 'TEMPLATE_FIXED' });
  await expect(templates.remove('ssh')).rejects.toMatchObject({ code: 'TEMPLATE_FIXED' });
  await expect(templates.remove('nothing')).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
});

it('have a bound', async () => {
  const { templates } = here.gateway;
  for (let index = 0; index < MOST_OWN_TEMPLATES; index++) await templates.create({ ...pump, template: `t-${index}` });
  await expect(templates.create(pump)).rejects.toMatchObject({ code: 'TEMPLATES_FULL' });
});
