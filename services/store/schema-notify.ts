import type { Generated } from 'kysely';

/** Tables of who is told of what, and of each message on its way. */
export interface NotifyTables {
  notify_endpoints: NotifyEndpointTable;
  notify_secrets: NotifySecretTable;
  notify_deliveries: NotifyDeliveryTable;
  notify_notices: NotifyNoticeTable;
}

/** A receiver: a system with an address (webhook), or a person (mail). */
export interface NotifyEndpointTable {
  id: string;
  kind: 'webhook' | 'mail';
  /** URL, or e-mail address. */
  address: string;
  /** District code prefix it is told of; '' = all. */
  district: string;
  /** JSON array of message types it wants; empty = all. */
  typesJson: string;
  /** How often a mail receiver gets the figures of its district. */
  digest: 'none' | 'daily' | 'weekly';
  /** 1 where it may be called without TLS; 1 where it may lie in a private network. */
  allowHttp: number;
  allowPrivate: number;
  state: 'active' | 'paused' | 'disabled' | 'removed';
  /** Why it is not active, in a few words. */
  note: string | null;
  /** The last event of the log for which deliveries have been made out. */
  cursor: number;
  /** Nothing is sent to it before this time: it asked for a pause. */
  notBefore: string | null;
  addedAt: string;
}

/**
 * Restricted: what webhooks are signed with. It must be had in the clear to sign, so it stands in a table of its own,
 * which no list reads.
 */
export interface NotifySecretTable {
  seq: Generated<number>;
  endpointId: string;
  /** whsec_ and base64. */
  secret: string;
  addedAt: string;
  /** Signs until then; null: no end is set. */
  endsAt: string | null;
}

/** One message for one receiver. */
export interface NotifyDeliveryTable {
  seq: Generated<number>;
  endpointId: string;
  /** webhook-id or Message-ID: the same of every try, and of an event the same for every receiver. */
  messageId: string;
  type: string;
  /** Messages of one chain are sent one after the other. */
  chain: string;
  /** Place within the log: an event's seq; of a notice, half a step after the last event it knew of. */
  position: number;
  /** What is sent; null: it is made from the log when it is sent. */
  bodyJson: string | null;
  state: 'waiting' | 'delivered' | 'dead';
  /** Tries that came to an end. */
  attempts: number;
  /** Not tried before. */
  nextAt: string;
  /** Who is sending it now, and until when nobody else does. */
  leaseBy: string | null;
  leaseUntil: string | null;
  /** Of the last try: HTTP status, or what went wrong. */
  status: number | null;
  problem: string | null;
  addedAt: string;
  /** When it was delivered or given up. */
  endedAt: string | null;
}

/** That a receiver has been told of a grade of lateness. Never changed: nobody is told twice. */
export interface NotifyNoticeTable {
  endpointId: string;
  /** Hash of subject, grade and due date. */
  noticeId: string;
  subject: 'patch' | 'case';
  subjectId: string;
  grade: string;
  dueAt: string;
  at: string;
}
