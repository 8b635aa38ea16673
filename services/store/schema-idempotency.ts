/** Which writes were asked for under a key of the client's own, so that asking again does not do them again. */
export interface IdempotencyTables {
  idempotency_keys: IdempotencyTable;
}

export interface IdempotencyTable {
  /** Whose key it is: two actors may choose the same. */
  actor: string;
  key: string;
  /** sha256 of method, path and body. */
  request: string;
  /**
   * begun: nothing has been committed for it yet. carried-out: something has, and this was said in the same
   * transaction; its answer is not known. answered: the answer is kept.
   */
  state: 'begun' | 'carried-out' | 'answered';
  /** host:pid:process-start of the server at work on it. */
  owner: string;
  status: number | null;
  headersJson: string | null;
  body: string | null;
  at: string;
}
