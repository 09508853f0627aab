/** Services of this PC. */
import { z } from 'zod';
import { userParam } from '../device.ts';
import { containerView, logLine, pluginChange, pluginParams, pluginView } from '../plugin.ts';
import { pluginBody } from '../plugin-json.ts';
import { pluginPreset } from '../plugin-presets.ts';
import { canFail, forRole } from './procedure.ts';

export const plugins = {
  listAll: forRole('viewer')
    .route({ method: 'GET', path: '/v1/plugins', summary: 'List the plugins of all accounts', tags: ['Plugins'] })
    .output(z.array(pluginView)),
  list: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/users/{user}/plugins',
      summary: 'List the plugins of an account',
      tags: ['Plugins'],
    })
    .input(userParam)
    .output(z.array(pluginView)),
  get: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/users/{user}/plugins/{plugin}',
      summary: 'Read one plugin',
      tags: ['Plugins'],
    })
    .errors(canFail('PLUGIN_NOT_FOUND'))
    .input(pluginParams)
    .output(pluginView),
  create: forRole('administrator')
    .route({
      method: 'POST',
      path: '/v1/users/{user}/plugins',
      summary: 'Add a plugin, also from a plugin.json of Thinger.io',
      tags: ['Plugins'],
      inputStructure: 'detailed',
    })
    .errors(canFail('PLUGIN_EXISTS', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(z.object({ params: userParam, body: pluginBody }))
    .output(pluginView),
  update: forRole('administrator')
    .route({
      method: 'PUT',
      path: '/v1/users/{user}/plugins/{plugin}',
      summary: 'Change a plugin',
      tags: ['Plugins'],
      inputStructure: 'detailed',
    })
    .errors(canFail('PLUGIN_NOT_FOUND', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(z.object({ params: pluginParams, body: pluginChange }))
    .output(pluginView),
  remove: forRole('administrator')
    .route({
      method: 'DELETE',
      path: '/v1/users/{user}/plugins/{plugin}',
      summary: 'Remove a plugin that no proxy leads to',
      tags: ['Plugins'],
    })
    .errors(canFail('PLUGIN_NOT_FOUND', 'PLUGIN_IN_USE', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(pluginParams)
    .output(pluginParams),
  start: forRole('technician')
    .route({
      method: 'POST',
      path: '/v1/users/{user}/plugins/{plugin}/start',
      summary: 'Start the program of a plugin, also after the next start of the gateway',
      tags: ['Plugins'],
    })
    .errors(canFail('PLUGIN_NOT_FOUND', 'PLUGIN_NOT_RUN_HERE', 'CONFIG_NOT_SAVED'))
    .input(pluginParams)
    .output(pluginView),
  stop: forRole('technician')
    .route({
      method: 'POST',
      path: '/v1/users/{user}/plugins/{plugin}/stop',
      summary: 'Stop the program of a plugin; answers when it has ended',
      tags: ['Plugins'],
    })
    .errors(canFail('PLUGIN_NOT_FOUND', 'PLUGIN_NOT_RUN_HERE', 'CONFIG_NOT_SAVED'))
    .input(pluginParams)
    .output(pluginView),
  log: forRole('technician')
    .route({
      method: 'GET',
      path: '/v1/users/{user}/plugins/{plugin}/log',
      summary: 'Read what the program of a plugin wrote last',
      tags: ['Plugins'],
    })
    .errors(canFail('PLUGIN_NOT_FOUND', 'PLUGIN_NOT_RUN_HERE'))
    .input(pluginParams)
    .output(z.array(logLine)),
  presets: forRole('viewer')
    .route({ method: 'GET', path: '/v1/plugin-presets', summary: 'List well-known services', tags: ['Plugins'] })
    .output(z.array(pluginPreset)),
  containers: forRole('technician')
    .route({
      method: 'GET',
      path: '/v1/containers',
      summary: 'List the containers of this PC that have ports on it',
      tags: ['Plugins'],
    })
    .errors(canFail('DOCKER_UNREACHABLE'))
    .output(z.array(containerView)),
};
