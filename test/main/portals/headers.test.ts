import { describe, expect, it } from 'vitest';
import { cookieForPortal, cookiesForTarget, cookieValues } from '../../../main/portals/cookies.ts';
import { type Portal, sidesOf } from '../../../main/portals/portal.ts';
import { requestHeaders } from '../../../main/portals/request-headers.ts';
import { portalUrl, responseHeaders } from '../../../main/portals/response-headers.ts';

const PORTAL = 'http://cam.sluice.localhost:7431';
const APP = 'http://sluice.localhost:7420';
const camera: Portal = {
  proxy: 'cam',
  name: 'Camera',
  revision: '1',
  isOpen: true,
  path: '/',
  address: '10.0.0.7',
  port: 8080,
  secure: false,
};
const sides = sidesOf(camera, PORTAL);

/** `Name: value` lines as Node gives them. */
const raw = (...lines: string[]): string[] =>
  lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);

describe('what the device believes to be asked for', () => {
  it.each([
    [{}, '10.0.0.7:8080', 'http://10.0.0.7:8080'],
    [{ port: 80 }, '10.0.0.7', 'http://10.0.0.7'],
    [{ port: 443 }, '10.0.0.7:443', 'http://10.0.0.7:443'],
    [{ port: 443, secure: true }, '10.0.0.7', 'https://10.0.0.7'],
    [{ address: 'fd00::7' }, '[fd00::7]:8080', 'http://[fd00::7]:8080'],
    [{ address: 'fe80::1%eth0', port: 80 }, '[fe80::1]', 'http://[fe80::1]'],
    [{ address: 'plc.1' }, 'plc.1:8080', 'http://plc.1:8080'],
    [{ hostHeader: 'cam.local' }, 'cam.local', 'http://cam.local'],
    [{ hostHeader: 'cam.local:81', secure: true }, 'cam.local:81', 'https://cam.local:81'],
  ])('%j is %s', (change, host, origin) => {
    expect(sidesOf({ ...camera, ...change }, PORTAL)).toMatchObject({ targetHost: host, targetOrigin: origin });
  });
});

describe('headers to the device', () => {
  const told = (...lines: string[]): object =>
    requestHeaders({ rawHeaders: raw(...lines), isChunked: false, isWebSocket: false }, sides);

  it.each([
    ['Host: cam.sluice.localhost:7431', {}],
    ['Connection: keep-alive', {}],
    ['Keep-Alive: timeout=5', {}],
    ['Proxy-Connection: close', {}],
    ['Proxy-Authorization: Basic x', {}],
    ['TE: trailers', {}],
    ['Trailer: X', {}],
    ['Upgrade: h2c', {}],
    ['HTTP2-Settings: AAM', {}],
    ['Expect: 100-continue', {}],
    ['Transfer-Encoding: chunked', {}],
    ['Transfer_Encoding: chunked', {}],
    ['Content_Length: 4', {}],
    ['X_Header: kept', { x_header: 'kept' }],
    ['Authorization: Digest uri="/a"', { authorization: 'Digest uri="/a"' }],
    ['Accept-Encoding: gzip, br', { 'accept-encoding': 'gzip, br' }],
    [`Origin: ${PORTAL}`, { origin: 'http://10.0.0.7:8080' }],
    ['Origin: http://evil.example', {}],
    [`Referer: ${PORTAL}/a?b`, { referer: 'http://10.0.0.7:8080/a?b' }],
    [`Referer: ${PORTAL}.evil.example/a`, {}],
    [`Referer: ${APP}/devices`, {}],
    ['Cookie: a=1; sluice_portal_7431=secret; b=2', { cookie: 'a=1; b=2' }],
    ['Cookie: SLUICE_x=1', {}],
  ])('%s', (line, expected) => {
    expect(told(line)).toEqual({ host: '10.0.0.7:8080', ...expected });
  });

  it('leaves out what Connection names, and joins cookies that came apart', () => {
    expect(
      told('X-One: 1', 'Connection: close, X-One', 'Cookie: a=1', 'Cookie: b=2', 'Accept: a', 'Accept: b'),
    ).toEqual({
      host: '10.0.0.7:8080',
      cookie: 'a=1; b=2',
      accept: ['a', 'b'],
    });
  });

  it('says chunks and WebSocket again in its own words', () => {
    const shape = { rawHeaders: raw('Transfer-Encoding: CHUNKED'), isChunked: true, isWebSocket: false };
    expect(requestHeaders(shape, sides)).toEqual({ host: '10.0.0.7:8080', 'transfer-encoding': 'chunked' });
    const upgrade = {
      rawHeaders: raw('Connection: Upgrade', 'Upgrade: WebSocket'),
      isChunked: false,
      isWebSocket: true,
    };
    expect(requestHeaders(upgrade, sides)).toEqual({
      host: '10.0.0.7:8080',
      connection: 'Upgrade',
      upgrade: 'websocket',
    });
  });
});

describe('headers to the browser', () => {
  const ours = {
    'content-security-policy': [`frame-ancestors 'self' ${APP}`],
    'origin-agent-cluster': '?1',
  };
  const told = (...lines: string[]): object => responseHeaders(raw(...lines), sides, [APP]);

  it.each([
    ['X-Frame-Options: DENY', {}],
    ['Strict-Transport-Security: max-age=1', {}],
    ['Clear-Site-Data: "*"', {}],
    ['Alt-Svc: h3=":443"', {}],
    ['Origin-Agent-Cluster: ?0', {}],
    ['Transfer-Encoding: chunked', {}],
    ['Connection: close', {}],
    ['Keep-Alive: timeout=5', {}],
    ['Upgrade: h2c', {}],
    ['Proxy-Authenticate: Basic', {}],
    ['Content-Encoding: br', { 'content-encoding': 'br' }],
    ['Content-Length: 5', { 'content-length': '5' }],
    ['WWW-Authenticate: Digest realm="x"', { 'www-authenticate': 'Digest realm="x"' }],
    ['Location: http://10.0.0.7:8080/a?b#c', { location: `${PORTAL}/a?b#c` }],
    ['Content-Location: http://10.0.0.7:8080/a', { 'content-location': `${PORTAL}/a` }],
    ['Refresh: 5; url=http://10.0.0.7:8080/a', { refresh: `5; url=${PORTAL}/a` }],
    ["Refresh: 0;URL='http://10.0.0.7:8080/a'", { refresh: `0;URL='${PORTAL}/a'` }],
    ['Refresh: 5', { refresh: '5' }],
    [`Refresh: 5; url=/a${' '.repeat(9000)}b`, { refresh: `5; url=/a${' '.repeat(9000)}b` }],
    ['Refresh: 5; url=/a', { refresh: '5; url=/a' }],
    ['Access-Control-Allow-Origin: http://10.0.0.7:8080', { 'access-control-allow-origin': PORTAL }],
    ['Access-Control-Allow-Origin: *', { 'access-control-allow-origin': '*' }],
    ['Access-Control-Allow-Origin: null', { 'access-control-allow-origin': 'null' }],
  ])('%s', (line, expected) => {
    expect(told(line)).toEqual({ ...ours, ...expected });
  });

  it.each([
    ["frame-ancestors 'none'", []],
    ["default-src 'self'; FRAME-ANCESTORS https://a; img-src *", ["default-src 'self'; img-src *"]],
    ["default-src 'self', frame-ancestors 'none', object-src 'none'", ["default-src 'self'", "object-src 'none'"]],
    [
      'script-src http://10.0.0.7:8080 http://10.0.0.7:8080/js/ ws://10.0.0.7:8080',
      [`script-src ${PORTAL} ${PORTAL}/js/ ws://cam.sluice.localhost:7431`],
    ],
    ['script-src https://cdn.example', ['script-src https://cdn.example']],
    ["frame-ancestors-x 'none'", ["frame-ancestors-x 'none'"]],
    ['sandbox allow-scripts;;', ['sandbox allow-scripts']],
  ])('Content-Security-Policy: %s', (policy, kept) => {
    expect(told(`Content-Security-Policy: ${policy}`)).toMatchObject({
      'content-security-policy': [...kept, `frame-ancestors 'self' ${APP}`],
    });
    const reportOnly = responseHeaders(raw(`Content-Security-Policy-Report-Only: ${policy}`), sides, [APP]);
    expect(reportOnly['content-security-policy-report-only']).toEqual(kept.length > 0 ? kept : undefined);
  });

  it('keeps cookies apart and lets none of ours be set', () => {
    const headers = told('Set-Cookie: a=1; Domain=x', 'Set-Cookie: sluice_portal_7431=x', 'Set-Cookie: b=2');
    expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'] });
  });
});

describe('an address in an answer', () => {
  it.each([
    ['/a', '/a'],
    ['a/b', 'a/b'],
    ['?x', '?x'],
    ['', ''],
    ['http://10.0.0.7:8080', `${PORTAL}/`],
    ['http://10.0.0.7:8080//evil.example/', `${PORTAL}//evil.example/`],
    ['HTTP://10.0.0.7:8080/A', `${PORTAL}/A`],
    ['https://10.0.0.7:8080/', `${PORTAL}/`],
    ['//10.0.0.7:8080/a', `${PORTAL}/a`],
    ['http://user:pw@10.0.0.7:8080/a', `${PORTAL}/a`],
    ['http://10.0.0.7/', 'http://10.0.0.7/'],
    ['https://10.0.0.7/', 'https://10.0.0.7/'],
    ['http://10.0.0.7.evil.example:8080/', 'http://10.0.0.7.evil.example:8080/'],
    ['http://10.0.0.70:8080/', 'http://10.0.0.70:8080/'],
    ['http://evil10.0.0.7:8080/', 'http://evil10.0.0.7:8080/'],
    ['//evil.example/', '//evil.example/'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['http://', 'http://'],
  ])('%s is %s for the browser', (value, expected) => {
    expect(portalUrl(value, sides)).toBe(expected);
  });

  it('is known by the name that the device was told, too', () => {
    const told = sidesOf({ ...camera, hostHeader: 'cam.local' }, PORTAL);
    expect(portalUrl('http://cam.local/a', told)).toBe(`${PORTAL}/a`);
    expect(portalUrl('http://10.0.0.7:8080/a', told)).toBe(`${PORTAL}/a`);
    expect(portalUrl('http://cam.local.evil.example/a', told)).toBe('http://cam.local.evil.example/a');
  });
});

describe('a cookie of the device', () => {
  it.each([
    ['SID=1', 'SID=1'],
    ['SID=1; Path=/; HttpOnly', 'SID=1; Path=/; HttpOnly'],
    ['SID=1; Domain=10.0.0.7; Path=/', 'SID=1; Path=/'],
    ['SID=1; domain=.sluice.localhost', 'SID=1'],
    ['SID=1; Secure; SameSite=None', 'SID=1; SameSite=Lax'],
    ['SID=1; samesite = none ; secure', 'SID=1; SameSite=Lax'],
    ['SID=1; SameSite=Strict', 'SID=1; SameSite=Strict'],
    ['SID=1; Partitioned; Max-Age=1', 'SID=1; Max-Age=1'],
    ['__Host-SID=1; Secure; Path=/', '__Host-SID=1; Secure; Path=/'],
    ['__Secure-SID=1; Secure; Domain=x; SameSite=None', '__Secure-SID=1; Secure; SameSite=None'],
    ['sluice_portal_7431=x', undefined],
    ['  Sluice_any=x; Path=/', undefined],
    ['', undefined],
    ['=', undefined],
  ])('%j becomes %j', (sent, expected) => {
    expect(cookieForPortal(sent)).toBe(expected);
  });

  it('is read with all values of its name', () => {
    expect(cookieValues('a=1; b=2=3;a=4; aa=5', 'a')).toEqual(['1', '4']);
    expect(cookieValues(undefined, 'a')).toEqual([]);
    expect(cookiesForTarget(' ; ;sluice_a=1')).toBeUndefined();
  });
});
