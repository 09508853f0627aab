/** Devices, the hub that they connect to, and where this gateway connects to as one. */
import { z } from 'zod';
import { agentView } from '../agent.ts';
import { deviceChange, deviceInput, deviceParams, deviceView, hubStatus, userParam } from '../device.ts';
import { portalService } from '../portal.ts';
import { canFail, forRole } from './procedure.ts';

export const devices = {
  listAll: forRole('viewer')
    .route({ method: 'GET', path: '/v1/devices', summary: 'List the devices of all accounts', tags: ['Devices'] })
    .output(z.array(deviceView)),
  list: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/users/{user}/devices',
      summary: 'List the devices of an account',
      tags: ['Devices'],
    })
    .input(userParam)
    .output(z.array(deviceView)),
  get: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/users/{user}/devices/{device}',
      summary: 'Read one device',
      tags: ['Devices'],
    })
    .errors(canFail('DEVICE_NOT_FOUND'))
    .input(deviceParams)
    .output(deviceView),
  create: forRole('administrator')
    .route({
      method: 'POST',
      path: '/v1/users/{user}/devices',
      summary: 'Add a device',
      tags: ['Devices'],
      inputStructure: 'detailed',
    })
    .errors(canFail('DEVICE_EXISTS', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(z.object({ params: userParam, body: deviceInput }))
    .output(deviceView),
  update: forRole('administrator')
    .route({
      method: 'PUT',
      path: '/v1/users/{user}/devices/{device}',
      summary: 'Change a device',
      tags: ['Devices'],
      inputStructure: 'detailed',
    })
    .errors(canFail('DEVICE_NOT_FOUND', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(z.object({ params: deviceParams, body: deviceChange }))
    .output(deviceView),
  services: forRole('technician')
    .route({
      method: 'GET',
      path: '/v1/users/{user}/devices/{device}/services',
      summary: 'List the web portals of a device, each with an address that opens it once',
      tags: ['Devices'],
    })
    .errors(canFail('DEVICE_NOT_FOUND', 'PORT_IN_USE', 'PORT_NOT_ALLOWED', 'ADDRESS_GONE', 'LISTEN_FAILED'))
    .input(deviceParams)
    .output(z.array(portalService)),
  remove: forRole('administrator')
    .route({
      method: 'DELETE',
      path: '/v1/users/{user}/devices/{device}',
      summary: 'Remove a device',
      tags: ['Devices'],
    })
    .errors(canFail('DEVICE_NOT_FOUND', 'CONFIG_NOT_SAVED'))
    .input(deviceParams)
    .output(deviceParams),
};

export const hub = {
  status: forRole('viewer')
    .route({ method: 'GET', path: '/v1/hub', summary: 'Read how the IoTMP hub does', tags: ['Devices'] })
    .output(hubStatus),
};

export const agents = {
  list: forRole('viewer')
    .route({ method: 'GET', path: '/v1/agents', summary: 'List the upstream connections', tags: ['Devices'] })
    .output(z.array(agentView)),
};
