/** What there is to see of plugins: each picture begins where the one before it ended. */
import { setTimeout as delay } from 'node:timers/promises';
import { go, type Shot } from './shot.ts';

export const pluginShots: Shot[] = [
  { name: 'plugins', prepare: go('/plugins') },
  {
    name: 'plugins-selected',
    prepare: async (page) => {
      for (const name of ['Node-RED', 'Mosquitto', 'Weather feed'])
        await page.getByRole('checkbox', { name: `Select ${name}` }).check({ force: true });
    },
  },
  { name: 'plugins-remove', prepare: (page) => page.getByRole('button', { name: 'Remove…' }).click() },
  {
    name: 'plugin-status',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/plugins/plant/node-red')(page);
      await page.getByText('Started flows').first().waitFor();
    },
  },
  { name: 'plugin-crashed', prepare: go('/plugins/plant/weather') },
  { name: 'plugin-stopped', prepare: go('/plugins/plant/grafana') },
  { name: 'plugin-proxies', prepare: go('/plugins/plant/node-red/proxies') },
  {
    name: 'plugin-settings',
    prepare: async (page) => {
      await go('/plugins/plant/node-red/settings')(page);
      await page.getByLabel('Plugin ID').waitFor();
    },
  },
  {
    name: 'plugin-add',
    prepare: async (page) => {
      await go('/plugins/add/preset/grafana')(page);
      await page.getByLabel('Plugin ID').waitFor();
    },
  },
  {
    name: 'plugin-add-program',
    prepare: async (page) => {
      await go('/plugins/add')(page);
      await page.getByText('Program', { exact: true }).click();
      await page.getByRole('button', { name: 'Add variable' }).click();
      await page.getByLabel('Name of variable 1').fill('API_TOKEN');
      await page.getByLabel('Value of API_TOKEN').fill('not a secret');
      await page.getByRole('button', { name: 'Add Plugin' }).click();
    },
  },
  {
    name: 'plugin-add-container',
    prepare: async (page) => {
      await go('/plugins/add/container')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page
        .getByText(/Docker/)
        .last()
        .waitFor();
    },
  },
  { name: 'plugin-file', prepare: go('/plugins/add/file') },
  {
    name: 'plugin-file-read',
    prepare: async (page) => {
      await page.getByRole('textbox').last().fill(JSON.stringify(sampleFile));
      await page.getByRole('button', { name: 'Show what will be made' }).click();
      await page.getByText('It brings 2 proxies').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'plugin-proxy',
    prepare: async (page) => {
      await go('/proxies/add/to/plant/weather')(page);
      await page.getByLabel('Proxy name').fill('Forecast');
      await page.getByLabel('Source port').first().fill('5024');
      await page.getByText('Target Configuration').scrollIntoViewIfNeeded();
      await delay(600);
    },
  },
  {
    name: 'plugin-proxy-list',
    prepare: async (page) => {
      await page.getByRole('combobox', { name: 'Target Plugin' }).fill('');
      await page.getByRole('option', { name: /Daily report/ }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'plugin-dialog',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Add a plugin…' }).click();
      await page.getByRole('dialog').getByLabel('Plugin name').waitFor();
    },
  },
  {
    name: 'plugin-proxies-page',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/proxies')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page
        .getByRole('row')
        .filter({ hasText: 'Forecast' })
        .getByRole('button', { name: /Degraded/ })
        .click();
    },
  },
];

/** As those of Thinger.io are, with a proxy that cannot be made here. */
const sampleFile = {
  name: 'influxdb2',
  version: '2.7.0',
  metadata: { name: 'InfluxDB', description: 'Time series database', category: 'database' },
  task: { type: 'docker', image: 'influxdb:2.7', port: 8086 },
  resources: {
    proxies: [
      {
        ...{ proxy: 'influxdb2', name: 'InfluxDB API' },
        config: {
          protocol: 'tcp',
          source: { port: 8087, secure: true },
          target: { type: 'plugin', plugin: { name: '{{THINGER_PLUGIN}}', user: '{{THINGER_USER}}' }, port: 8086 },
        },
      },
      {
        ...{ proxy: 'influxdb2-backup', name: 'Backup' },
        config: {
          protocol: 'tcp',
          source: { port: 8088 },
          target: { type: 'address', address: '{{BACKUP_HOST}}', port: 8088 },
        },
      },
    ],
  },
};
