import { describe, expect, it } from 'vitest';
import { certificateIssue, certificateRequest } from '../../shared/certificate.ts';

const server = { certificate: 'hmi', name: 'HMI', kind: 'server', names: ['hmi.plant.lan', '10.0.0.7', '::1'] };
const pathsOf = (input: unknown) => certificateIssue.safeParse(input).error?.issues.map(({ path }) => path.join('.'));

describe('a certificate that is asked for', () => {
  it('has host names and addresses', () => {
    expect(certificateIssue.parse({ ...server, days: 397 })).toEqual({ ...server, days: 397 });
  });

  it('needs a name or an address when a source is to show it, and none for a client', () => {
    expect(pathsOf({ ...server, names: [] })).toEqual(['names']);
    expect(certificateRequest.safeParse({ ...server, names: undefined }).success).toBe(false);
    expect(certificateIssue.safeParse({ certificate: 'scada', name: 'SCADA', kind: 'client' }).success).toBe(true);
  });

  it('is refused with the path of each field that cannot be used', () => {
    expect(pathsOf({ ...server, names: ['http://hmi'] })).toEqual(['names.0']);
    expect(pathsOf({ ...server, days: 826 })).toEqual(['days']);
    expect(pathsOf({ ...server, certificate: '../hmi' })).toEqual(['certificate']);
    expect(pathsOf({ ...server, kind: 'ca' })).toEqual(['kind']);
  });
});
