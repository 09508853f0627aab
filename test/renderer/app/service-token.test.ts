import { expect, it } from 'vitest';
import { tokenCommand } from '../../../renderer/app/service-token.ts';

it('names the file of the service on each system', () => {
  expect(tokenCommand('Mozilla/5.0 (X11; Linux x86_64)')).toBe('sudo cat /var/lib/sluice/control-token');
  expect(tokenCommand('Mozilla/5.0 (Windows NT 10.0; Win64; x64)')).toBe('type "%ProgramData%\\Sluice\\control-token"');
  expect(tokenCommand('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toContain(
    "'/Library/Application Support/Sluice/",
  );
});
