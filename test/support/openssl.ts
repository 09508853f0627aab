/** What other people's tools make: files of the `openssl` of this machine, in a folder that is gone after the test. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './store.ts';

export class OpenSsl {
  readonly folder = temporaryFolder();

  /** Words of a command line. Throws with what openssl said. */
  run(command: string): string {
    return execFileSync('openssl', command.split(' '), {
      cwd: this.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  text(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  base64(name: string): string {
    return readFileSync(join(this.folder, name)).toString('base64');
  }

  write(name: string, content: string | Buffer): string {
    writeFileSync(join(this.folder, name), content);
    return name;
  }

  /** A CA, an authority below it, and a server certificate of that one: `root`, `middle`, `leaf`, each .key and .crt. */
  makeChain({ key = 'rsa:2048' }: { readonly key?: string } = {}): this {
    const newKey = `-newkey ${key} -nodes`;
    this.run(
      `req -x509 ${newKey} -keyout root.key -out root.crt -subj /CN=root -days 30 -addext basicConstraints=critical,CA:TRUE`,
    );
    const authority = this.write('authority.cnf', 'basicConstraints=critical,CA:TRUE\n');
    const server = this.write('server.cnf', 'subjectAltName=DNS:panel.local,IP:10.0.0.7\n');
    for (const [name, issuer, extensions] of [
      ['middle', 'root', authority],
      ['leaf', 'middle', server],
    ]) {
      this.run(`req ${newKey} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
      this.run(
        `x509 -req -in ${name}.csr -CA ${issuer}.crt -CAkey ${issuer}.key -CAcreateserial -out ${name}.crt -days 20 -extfile ${extensions}`,
      );
    }
    return this;
  }
}
