import type { ColumnType, Generated } from 'kysely';

/** People who log in with a password, their sessions, and what tells a guesser from a person. */
export interface AccessTables {
  users: UserTable;
  sessions: SessionTable;
  login_tries: LoginTryTable;
}

export interface UserTable {
  /** What is typed to log in, and what the history says; never given to another person. */
  name: string;
  displayName: string;
  /** scrypt, with its parameters and salt (services/access/passwords.ts). */
  passwordHash: string;
  role: 'viewer' | 'field' | 'handler' | 'reviewer' | 'admin';
  /** Of the office it acts in; null: that of its district. */
  level: 'town' | 'county' | 'city' | 'province' | null;
  /** District code prefix; '' = all. */
  district: string;
  createdAt: string;
  /** Null: may log in. */
  disabledAt: string | null;
  /** 1: the password is known to who gave it, and must be changed before anything else is done. */
  mustChange: number;
  /** Who logs the person in, where another provider does, and what that calls the person; no password is right then. */
  issuer: ColumnType<string | null, string | null | undefined>;
  subject: ColumnType<string | null, string | null | undefined>;
}

export interface SessionTable {
  /** sha256 of the token; the token itself is in the browser only. */
  hash: string;
  userName: string;
  createdAt: string;
  /** To the minute: it ends when nothing is asked for a while. */
  seenAt: string;
  /** It ends then in any case. */
  expiresAt: string;
}

/** One try to log in. Kept for a day. */
export interface LoginTryTable {
  seq: Generated<number>;
  /** sha256 of the name as typed: a password typed into the wrong field is not kept. */
  nameHash: string;
  address: string;
  /** A try counts as wrong until the password has proved right. */
  outcome: 'wrong' | 'right' | 'locked';
  at: string;
}
