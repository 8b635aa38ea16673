import { createTransport } from 'nodemailer';
import { ServiceError } from '../../error.ts';

export interface MailSettings {
  /** smtp[s]://[user:password@]host[:port][?starttls=off] */
  url: string;
  /** Who mails are from. */
  from: string;
}

export interface Mail {
  subject: string;
  text: string;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;
/** Of a whole mail. */
const MAIL_MS = 60_000;

/** @throws ServiceError bad-input; what was given is not repeated, since it may hold a password */
export function readMailUrl(text: string): URL {
  const wanted = new ServiceError(
    'bad-input',
    'A mail server is named as smtp://user:password@host:587 (STARTTLS) or smtps://host:465; got something else.',
  );
  if (!URL.canParse(text)) throw wanted;
  const url = new URL(text);
  if (!['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') throw wanted;
  const known = [...url.searchParams].every(([name, value]) => name === 'starttls' && value === 'off');
  if (!known) throw wanted;
  return url;
}

/** Sends one mail. A second try of the same message has the same Message-ID. Throws what the server says. */
export async function sendMail(
  settings: MailSettings,
  to: string,
  messageId: string,
  mail: Mail,
  date: Date,
): Promise<void> {
  const url = readMailUrl(settings.url);
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  const transport = createTransport({
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    // Nothing is said to a server that offers no TLS, unless the address says that this is meant.
    requireTLS: url.searchParams.get('starttls') !== 'off',
    ignoreTLS: url.searchParams.get('starttls') === 'off',
    ...(user !== '' && { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the mail was not taken within ${MAIL_MS / 1000} s`)), MAIL_MS);
  });
  try {
    const id = `<${messageId}@${settings.from.split('@').at(-1)}>`;
    await Promise.race([transport.sendMail({ from: settings.from, to, messageId: id, date, ...mail }), late]);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}
