import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { SMTPServer } from 'smtp-server';

/** What a mail says once its encodings are undone, by Python's own reader of mail. */
export interface ReadMail {
  from: string;
  to: string;
  subject: string;
  messageId: string;
  text: string;
}

/** A mail server with a certificate of its own, which this process trusts from then on. */
export class MailServer {
  /** Mails as they came over the line, and whether that was encrypted. */
  readonly mails: { raw: string; secure: boolean; to: string[] }[] = [];
  /** Refuses mails while it is set. */
  refusal: { at: 'greeting' | 'data'; code: number } | null = null;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tuban-mail-'));
  readonly #server: SMTPServer;

  constructor({ starttls = true } = {}) {
    const [key, cert] = [join(this.#folder, 'key.pem'), join(this.#folder, 'cert.pem')];
    const about = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '30000'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', ...about];
    execFileSync('openssl', [...made, '-keyout', key, '-out', cert], { stdio: 'pipe' });
    setDefaultCACertificates([...getCACertificates(), readFileSync(cert, 'utf8')]);
    this.#server = new SMTPServer({
      key: readFileSync(key),
      cert: readFileSync(cert),
      disabledCommands: starttls ? [] : ['STARTTLS'],
      allowInsecureAuth: false,
      onConnect: (_, done) => done(this.refusal?.at === 'greeting' ? this.#refused() : null),
      onAuth: ({ username, password }, _, done) =>
        username === 'tuban' && password === 'p:w d' ? done(null, { user: username }) : done(new Error('who are you?')),
      onData: (stream, session, done) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          if (this.refusal !== null) return done(this.#refused());
          const to = session.envelope.rcptTo.map(({ address }) => address);
          this.mails.push({ raw: Buffer.concat(pieces).toString('latin1'), secure: session.secure, to });
          done();
        });
      },
    });
    this.#server.on('error', () => {});
  }

  async start(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', () => ready()));
    return `smtp://tuban:p%3Aw%20d@127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.#server.close(() => done()));
    rmSync(this.#folder, { recursive: true });
  }

  read(index: number): ReadMail {
    return JSON.parse(
      execFileSync('/usr/bin/python3', ['-c', READER], {
        input: Buffer.from(this.mails[index].raw, 'latin1'),
      }).toString(),
    );
  }

  #refused(): Error {
    return Object.assign(new Error('not now'), { responseCode: this.refusal?.code });
  }
}

const READER = `
import email, email.policy, json, sys
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
text = mail.get_body(('plain',)).get_content()
print(json.dumps({'from': mail['from'], 'to': mail['to'], 'subject': mail['subject'], 'messageId': mail['message-id'], 'text': text}))
`;
