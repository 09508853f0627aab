/** What goes through pipes: which are open, their figures, captured payload. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  armPipeInput,
  armProxyInput,
  captureParam,
  captureView,
  decodedPart,
  decodeQuery,
  exportQuery,
  findQuery,
  findResult,
  payloadPage,
  payloadQuery,
  pipeParam,
  replayInput,
  replayResult,
} from '../capture.ts';
import { pipe, pipeQuery } from '../pipe.ts';
import { pipeWatchEvent, pipeWatchQuery } from '../pipe-watch.ts';
import { proxyIdParam } from '../proxy.ts';
import { keepInput, recordParam, recordView } from '../record.ts';
import { historyQuery, trafficHistory } from '../traffic.ts';
import { canFail, forCapture, forReplay, forRole } from './procedure.ts';

export const pipes = {
  list: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/pipes',
      summary: 'List open and recently ended pipes, newest first',
      tags: ['Pipes'],
    })
    .input(pipeQuery)
    .output(z.array(pipe)),
  get: forRole('viewer')
    .route({ method: 'GET', path: '/v1/pipes/{pipe}', summary: 'Read one pipe', tags: ['Pipes'] })
    .errors(canFail('PIPE_NOT_FOUND'))
    .input(z.object({ pipe: z.string() }))
    .output(pipe),
  kill: forRole('technician')
    .route({ method: 'DELETE', path: '/v1/pipes/{pipe}', summary: 'Kill an open pipe', tags: ['Pipes'] })
    .errors(canFail('PIPE_NOT_FOUND'))
    .input(z.object({ pipe: z.string() }))
    .output(pipe),
  watch: forRole('viewer')
    .route({ method: 'GET', path: '/v1/pipes/live', summary: 'Follow the list of pipes', tags: ['Pipes'] })
    .input(pipeWatchQuery)
    .output(eventIterator(pipeWatchEvent)),
};

export const traffic = {
  history: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/traffic',
      summary: 'Read what has passed lately, in columns',
      tags: ['Traffic'],
    })
    .input(historyQuery)
    .output(trafficHistory),
};

export const captures = {
  list: forRole('viewer')
    .route({ method: 'GET', path: '/v1/captures', summary: 'List the captures of payload', tags: ['Traffic'] })
    .output(z.array(captureView)),
  armPipe: forCapture
    .route({
      method: 'POST',
      path: '/v1/pipes/{pipe}/capture',
      summary: 'Capture the payload of a pipe',
      tags: ['Traffic'],
      inputStructure: 'detailed',
    })
    .errors(canFail('PIPE_NOT_FOUND', 'CAPTURE_RUNNING', 'CAPTURES_FULL'))
    .input(armPipeInput)
    .output(captureView),
  stopPipe: forCapture
    .route({
      method: 'DELETE',
      path: '/v1/pipes/{pipe}/capture',
      summary: 'Stop the capture of a pipe; what was captured stays',
      tags: ['Traffic'],
    })
    .errors(canFail('CAPTURE_NOT_FOUND'))
    .input(pipeParam)
    .output(captureView),
  armProxy: forCapture
    .route({
      method: 'POST',
      path: '/v1/proxies/{proxy}/capture',
      summary: 'Capture the payload of all pipes of a proxy that are opened from now on',
      tags: ['Traffic'],
      inputStructure: 'detailed',
    })
    .errors(canFail('PROXY_NOT_FOUND', 'CAPTURE_RUNNING', 'CAPTURES_FULL'))
    .input(armProxyInput)
    .output(captureView),
  stopProxy: forCapture
    .route({
      method: 'DELETE',
      path: '/v1/proxies/{proxy}/capture',
      summary: 'Stop the capture of a proxy; what was captured stays',
      tags: ['Traffic'],
    })
    .errors(canFail('CAPTURE_NOT_FOUND'))
    .input(proxyIdParam)
    .output(captureView),
  remove: forCapture
    .route({
      method: 'DELETE',
      path: '/v1/captures/{capture}',
      summary: 'Stop a capture and throw away what was captured',
      tags: ['Traffic'],
    })
    .errors(canFail('CAPTURE_NOT_FOUND'))
    .input(captureParam)
    .output(captureParam),
  find: forCapture
    .route({
      method: 'GET',
      path: '/v1/captures/find',
      summary: 'Find the pipes whose captured payload holds a text or bytes',
      tags: ['Traffic'],
    })
    .input(findQuery)
    .output(findResult),
  payload: forCapture
    .route({
      method: 'GET',
      path: '/v1/pipes/{pipe}/payload',
      summary: 'Read what was captured of a pipe, part by part',
      tags: ['Traffic'],
    })
    .errors(canFail('CAPTURE_NOT_FOUND', 'RECORD_DAMAGED'))
    .input(payloadQuery)
    .output(payloadPage),
  decode: forCapture
    .route({
      method: 'GET',
      path: '/v1/pipes/{pipe}/messages',
      summary: 'Follow what was captured of a pipe as messages of a protocol',
      tags: ['Traffic'],
    })
    .errors(canFail('CAPTURE_NOT_FOUND', 'RECORD_DAMAGED', 'DECODER_FAILED'))
    .input(decodeQuery)
    .output(eventIterator(decodedPart)),
  export: forCapture
    .route({
      method: 'GET',
      path: '/v1/pipes/{pipe}/export',
      summary: 'Export what was captured of a pipe as PCAPNG, HAR, JSON lines or bytes',
      tags: ['Traffic'],
    })
    .errors(canFail('CAPTURE_NOT_FOUND', 'RECORD_DAMAGED'))
    .input(exportQuery)
    .output(z.file()),
  replay: forReplay
    .route({
      method: 'POST',
      path: '/v1/pipes/{pipe}/replay',
      summary: 'Send what the client said again, and compare the answers',
      tags: ['Traffic'],
      inputStructure: 'detailed',
    })
    .errors(canFail('CAPTURE_NOT_FOUND', 'RECORD_DAMAGED', 'RECORD_INCOMPLETE', 'TARGET_IS_SOURCE', 'TARGET_FAILED'))
    .input(replayInput)
    .output(replayResult),
};

/** A record is read, exported and replayed as a captured pipe is: its ID stands for that of the pipe. */
export const records = {
  list: forRole('viewer')
    .route({ method: 'GET', path: '/v1/records', summary: 'List the kept conversations', tags: ['Traffic'] })
    .output(z.array(recordView)),
  keep: forCapture
    .route({
      method: 'POST',
      path: '/v1/pipes/{pipe}/record',
      summary: 'Keep what was captured of a pipe; it is read by its ID as a captured pipe is',
      tags: ['Traffic'],
      inputStructure: 'detailed',
    })
    .errors(canFail('CAPTURE_NOT_FOUND', 'RECORDS_FULL', 'RECORD_NOT_KEPT'))
    .input(keepInput)
    .output(recordView),
  remove: forCapture
    .route({ method: 'DELETE', path: '/v1/records/{record}', summary: 'Remove a kept conversation', tags: ['Traffic'] })
    .errors(canFail('RECORD_NOT_FOUND', 'RECORD_NOT_KEPT'))
    .input(recordParam)
    .output(recordParam),
};
